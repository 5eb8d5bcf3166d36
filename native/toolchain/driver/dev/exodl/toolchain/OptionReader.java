package dev.exodl.toolchain;

import java.util.List;
import java.util.Optional;

/** Reads the options that both people and a jar's metadata may give. */
final class OptionReader {

  private OptionReader() {}

  /**
   * Takes one option off the front of the words.
   *
   * @return empty, with nothing taken, when the first word is no such option
   */
  static Optional<Settings> take(Words words, Origin origin) {
    var word = words.peek();
    var api = ApiOption.in(word);
    if (api.isPresent()) {
      words.take();
      return Optional.of(api.get().read(word, words, origin));
    }
    var settings =
        switch (word) {
          case String it when it.startsWith("-H:") && it.length() > 3 ->
              builder(withOrigin(it, origin));
          case String it when it.startsWith("-R:") && it.length() > 3 -> builder(it);
          case String it when it.startsWith("-J") && it.length() > 2 -> java(it.substring(2));
          case String it when it.startsWith("-D") && it.length() > 2 -> java(it);
          case "--enable-preview" -> java(word);
          // What old jars ask for and no builder knows any more.
          case "--no-server" -> Settings.NONE;
          default -> null;
        };
    if (settings == null) {
      return Optional.empty();
    }
    words.take();
    return Optional.of(settings);
  }

  /** Puts the origin behind the name, unless there is one. */
  private static String withOrigin(String option, Origin origin) {
    var equals = option.indexOf('=');
    var name = equals < 0 ? option : option.substring(0, equals);
    var value = equals < 0 ? "" : option.substring(equals);
    return name.contains("@") ? option : name + "@" + origin.text() + value;
  }

  private static Settings builder(String option) {
    return new Settings(List.of(option), List.of());
  }

  private static Settings java(String option) {
    return new Settings(List.of(), List.of(option));
  }
}
