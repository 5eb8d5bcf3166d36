package dev.exodl.hub;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the program says about itself in each request. */
public final class UserAgent {
  private static final String PRODUCT = "exo-dl/" + version();

  private UserAgent() {}

  /**
   * The header's text.
   *
   * @param origin HF_HUB_USER_AGENT_ORIGIN, added as {@code origin/...} as huggingface_hub does
   * @param telemetry false: neither the Java version nor the system is told
   */
  public static String text(@Nullable String origin, boolean telemetry) {
    StringBuilder out = new StringBuilder(PRODUCT);
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

  private static String version() {
    String version = UserAgent.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
