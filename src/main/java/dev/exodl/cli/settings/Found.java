package dev.exodl.cli.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A setting's value and where it came from.
 *
 * @param value canonical text that the framework's converters take; null when there is none
 * @param origin for people: {@code EXO_DL_ENDPOINT}, {@code HF_ENDPOINT}, the config file's path or
 *     {@code default}
 */
public record Found(Setting setting, @Nullable String value, String origin) {
  /** The origin of what nothing has set. */
  public static final String DEFAULT = "default";

  /** The value for people: secrets are masked, nothing is a dash. */
  public String shown() {
    if (value == null) {
      return "-";
    }
    return setting.secret() ? mask(value) : value;
  }

  /** As {@link #shown()}, times and sizes as people write them: {@code 10s}, {@code 64MiB}. */
  public String written() {
    if (value == null) {
      return shown();
    }
    if (setting.type() == Duration.class) {
      return SettingValue.written(Duration.parse(value));
    }
    return setting.type() == Bytes.class ? Bytes.parse(value).written() : shown();
  }

  /** Enough to tell tokens apart, too little to use one. */
  static String mask(String secret) {
    return secret.length() < 12
        ? "***"
        : secret.substring(0, 3) + "***" + secret.substring(secret.length() - 2);
  }
}
