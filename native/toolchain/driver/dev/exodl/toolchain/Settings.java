package dev.exodl.toolchain;

import java.util.List;
import java.util.stream.Stream;

/**
 * Options for the builder and for the JVM that runs it, in the order given: later ones win.
 *
 * @param builderOptions such as {@code -H:FallbackThreshold@user+api=0}
 * @param javaOptions such as {@code -Xmx4g}
 */
record Settings(List<String> builderOptions, List<String> javaOptions) {

  static final Settings NONE = new Settings(List.of(), List.of());

  Settings {
    builderOptions = List.copyOf(builderOptions);
    javaOptions = List.copyOf(javaOptions);
  }

  Settings and(Settings later) {
    return new Settings(
        Stream.concat(builderOptions.stream(), later.builderOptions.stream()).toList(),
        Stream.concat(javaOptions.stream(), later.javaOptions.stream()).toList());
  }

  /** Whether a builder option of that name is given, whatever its value and origin. */
  boolean names(String option) {
    return builderOptions.stream().anyMatch(it -> name(it).equals(option));
  }

  /** The name in {@code -H:Name@origin=value}, {@code -H:+Name} and the like. */
  static String name(String builderOption) {
    return builderOption.replaceFirst("^-[HR]:[+-]?", "").replaceFirst("[@=].*", "");
  }
}
