package dev.exodl.toolchain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What the toolchain says about itself, from {@code lib/svm/version.properties}.
 *
 * @param builder the builder's release, such as {@code 25.0.2} (key {@code builder})
 * @param date when that was released, such as {@code 2026-01-20} (key {@code date})
 * @param vendor who put the toolchain together (key {@code vendor})
 * @param vendorUrl where to read about it (key {@code vendorurl})
 * @param vendorVersion the form that build tools look for, such as {@code GraalVM CE 25.0.2+1.1}
 *     (key {@code vendorversion})
 * @param jdk the JDK's runtime version, such as {@code 25.0.3+9-LTS} (key {@code jdk})
 */
record Version(
    String builder,
    String date,
    String vendor,
    String vendorUrl,
    String vendorVersion,
    String jdk) {

  static Version read(Path file) throws IOException {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return new Version(
        value(properties, file, "builder"),
        value(properties, file, "date"),
        value(properties, file, "vendor"),
        value(properties, file, "vendorurl"),
        value(properties, file, "vendorversion"),
        value(properties, file, "jdk"));
  }

  /**
   * Three lines in the form GraalVM prints them and build tools (Quarkus, the native build tools)
   * parse them.
   */
  String text() {
    return """
    native-image %1$s %2$s
    GraalVM Runtime Environment %3$s (build %4$s)
    Substrate VM %3$s (build %4$s, serial gc)
    """
        .formatted(builder, date, vendorVersion, jdk);
  }

  private static String value(Properties properties, Path file, String key) {
    var value = properties.getProperty(key, "").strip();
    if (value.isEmpty()) {
      throw new UsageException(
          "%s has no key %s; assemble the toolchain again".formatted(file, key));
    }
    return value;
  }
}
