package dev.exodl.toolchain;

import java.nio.file.Path;

/**
 * Where a builder option comes from. The builder names it in its messages, and {@code
 * --link-at-build-time} in a jar's metadata means that jar.
 *
 * @param text as the builder wants it, such as {@code user} or {@code
 *     jar:file:///x.jar!/META-INF/...}
 */
record Origin(String text) {

  static final Origin USER = new Origin("user");
  static final Origin DRIVER = new Origin("driver");
  static final Origin NAMED_CLASS = new Origin("explicit main-class");
  static final Origin NAMED_IMAGE = new Origin("explicit image name");

  static Origin manifest(Path jar) {
    return new Origin("manifest from " + uri(jar));
  }

  static Origin file(Path file) {
    return new Origin(uri(file));
  }

  static Origin entry(Path jar, String entry) {
    return new Origin("jar:" + uri(jar) + "!/" + entry);
  }

  /**
   * {@code -H:Name@origin=value}: the builder knows the name by the first of {@code =} and
   * {@code @}.
   */
  String option(String name, String value) {
    return "-H:%s@%s=%s".formatted(name, text, value);
  }

  /** The same of a command option, which the builder does not call experimental. */
  String apiOption(String name, String value) {
    return "-H:%s@%s+api=%s".formatted(name, text, value);
  }

  /** {@code -H:+Name@origin+api}. */
  String apiSwitch(String name, boolean on) {
    return "-H:%s%s@%s+api".formatted(on ? "+" : "-", name, text);
  }

  // '=' ends the origin, so a path must not show one.
  private static String uri(Path path) {
    return path.toUri().toString().replace("=", "%3D");
  }
}
