package dev.exodl.hub;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the program says about itself in each request. */
public final class UserAgent {
  private UserAgent() {}

  /**
   * The header's text.
   *
   * @param version of this program
   * @param origin HF_HUB_USER_AGENT_ORIGIN, added as {@code origin/...} as huggingface_hub does
   * @param telemetry false: neither the Java version nor the system is told
   */
  public static String text(String version, @Nullable String origin, boolean telemetry) {
    StringBuilder out = new StringBuilder("exo-dl/").append(word(version));
    if (telemetry) {
      out.append("; java/").append(Runtime.version().feature());
      out.append("; ").append(word(System.getProperty("os.name", "unknown")));
      out.append('/').append(word(System.getProperty("os.arch", "unknown")));
    }
    if (origin != null && !word(origin).isEmpty()) {
      out.append("; origin/").append(word(origin));
    }
    return out.toString();
  }

  private static String word(String text) {
    return text.strip().replaceAll("[^A-Za-z0-9._/@+-]+", "-").toLowerCase(Locale.ROOT);
  }
}
