package dev.exodl.hub;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import org.jspecify.annotations.Nullable;

/** A secret of the user for the hub. Its text appears in one request header and nowhere else. */
public record Token(String secret) {
  /**
   * Checks that it can stand in a header.
   *
   * @throws FailureException usage failure that does not show the text
   */
  public Token {
    if (secret.isEmpty() || !secret.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new FailureException(
          new Failure.Usage(
              "the token has blanks or characters that no token has",
              "--token, HF_TOKEN or the token file",
              "copy it again from https://huggingface.co/settings/tokens"));
    }
  }

  /**
   * The token in a text as people keep it, or null when there is none: line ends and outer blanks
   * are dropped.
   */
  public static @Nullable Token in(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String bare = text.replace("\r", "").replace("\n", "").strip();
    return bare.isEmpty() ? null : new Token(bare);
  }

  @Override
  public String toString() {
    return "Token[hidden]";
  }
}
