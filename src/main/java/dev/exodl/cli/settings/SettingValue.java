package dev.exodl.cli.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes canonical text of what people write. Every error is a phrase that says what a value looks
 * like.
 */
final class SettingValue {
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
  private static final Set<String> FALSE = Set.of("0", "off", "no", "false");
  private static final Pattern DURATION =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(ms|s|m|h|)", Pattern.CASE_INSENSITIVE);

  private SettingValue() {}

  /**
   * The canonical text.
   *
   * @throws IllegalArgumentException with a phrase for people
   */
  static String canonical(Setting setting, String text, Expand expand) {
    Class<?> type = setting.type();
    if (type == boolean.class) {
      return bool(text);
    }
    if (type == int.class) {
      return number(text);
    }
    if (type == Duration.class) {
      return duration(text).toString();
    }
    if (type == Bytes.class) {
      return Bytes.parse(text).toString();
    }
    if (type == URI.class) {
      return address(text);
    }
    if (type == Path.class) {
      return path(expand.apply(text));
    }
    if (type.isEnum()) {
      return word(type, text);
    }
    if (type == LingerTime.class) {
      return LingerTime.parse(text).toString();
    }
    if (setting.key().equals("reuse")) {
      return paths(text, expand);
    }
    if (setting.key().equals("cache-path")) {
      return CachePath.canonical(text, expand);
    }
    if (ClusterValue.is(setting)) {
      return ClusterValue.canonical(setting, text, expand);
    }
    // A token read from a variable or a file may end in a line break: huggingface_hub
    // utils/_auth.py.
    String clean = text.replace("\r", "").replace("\n", "").strip();
    if (!clean.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("it has characters that cannot be sent in a header");
    }
    return clean;
  }

  private static String bool(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (!TRUE.contains(word) && !FALSE.contains(word)) {
      throw new IllegalArgumentException("it has to be true or false");
    }
    return Boolean.toString(TRUE.contains(word));
  }

  /** As huggingface_hub reads its own: all that is not true is false. */
  static boolean truth(String text) {
    return TRUE.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  private static String number(String text) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 1 && number <= 1024) {
        return Integer.toString(number);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException("it has to be a number from 1 to 1024");
  }

  /** More than none. */
  static Duration duration(String text) {
    Duration duration = time(text);
    if (duration.isZero()) {
      throw new IllegalArgumentException("a time is more than 0 and at most 24h");
    }
    return duration;
  }

  /** A bare number is seconds, as the hub's clients take it; none at all is a time too. */
  static Duration time(String text) {
    Matcher match = DURATION.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "a time is a number of seconds, or such as 500ms, 10s, 2m");
    }
    long unit =
        switch (match.group(2).toLowerCase(Locale.ROOT)) {
          case "ms" -> 1;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 1000;
        };
    Duration duration = Duration.ofMillis(Math.round(Double.parseDouble(match.group(1)) * unit));
    if (duration.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a time is more than 0 and at most 24h");
    }
    return duration;
  }

  /** In the largest unit that leaves no fraction; {@link #time} takes it. */
  static String written(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds > 0 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static String address(String text) {
    String clean = text.strip().replaceAll("/+$", "");
    try {
      URI uri = new URI(clean);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if (uri.getHost() != null
          && (scheme.equals("https") || scheme.equals("http"))
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null) {
        return clean;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new IllegalArgumentException("it has to be an address such as https://huggingface.co");
  }

  static String path(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("it is not a path", e);
    }
  }

  private static String paths(String text, Expand expand) {
    return Arrays.stream(text.strip().split(":", -1))
        .filter(path -> !path.isBlank())
        .map(path -> path(expand.apply(path)))
        .collect(Collectors.joining(":"));
  }

  private static String word(Class<?> type, String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    String words =
        Arrays.stream(type.getEnumConstants())
            .map(c -> c.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    if (!Arrays.asList(words.split(", ")).contains(word)) {
      throw new IllegalArgumentException("it has to be one of " + words);
    }
    return word;
  }
}
