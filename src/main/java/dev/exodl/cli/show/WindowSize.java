package dev.exodl.cli.show;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A terminal's size in columns and lines. */
public record WindowSize(int columns, int rows) {
  private static final WindowSize USUAL = new WindowSize(80, 24);
  private static final Pattern STTY = Pattern.compile("([0-9]{1,5}) ([0-9]{1,5})");

  /**
   * Asks the controlling terminal, then {@code COLUMNS} and {@code LINES}. Takes a few
   * milliseconds.
   */
  public static WindowSize ask(Map<String, String> environment) {
    return stty()
        .orElseGet(
            () ->
                new WindowSize(
                    positive(environment.get("COLUMNS"), USUAL.columns()),
                    positive(environment.get("LINES"), USUAL.rows())));
  }

  private static int positive(@org.jspecify.annotations.Nullable String text, int otherwise) {
    return text != null && text.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(text) : otherwise;
  }

  private static Optional<WindowSize> stty() {
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Reads stty's "lines columns"; a serial line says "0 0", which is no size; nor are 0 lines. */
  static Optional<WindowSize> parse(String text) {
    Matcher match = STTY.matcher(text.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    int rows = Integer.parseInt(match.group(1));
    int columns = Integer.parseInt(match.group(2));
    return columns < 1
        ? Optional.empty()
        : Optional.of(new WindowSize(columns, rows < 1 ? USUAL.rows() : rows));
  }
}
