package dev.exodl.cli.settings;

import dev.exodl.swarm.Linger;
import java.time.Duration;
import java.util.Locale;

/**
 * How long a node that is done serves the others, as people write it: {@code forever}, {@code
 * never}, or a time that is added once all have what they want.
 */
public record LingerTime(Linger value) {
  /**
   * Reads it.
   *
   * @throws IllegalArgumentException says what it looks like
   */
  public static LingerTime parse(CharSequence text) {
    return new LingerTime(
        switch (text.toString().strip().toLowerCase(Locale.ROOT)) {
          case "forever" -> new Linger.Forever();
          case "never" -> new Linger.Never();
          case String time -> new Linger.UntilComplete(more(time));
        });
  }

  private static Duration more(String text) {
    try {
      return SettingValue.time(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it has to be forever, never, or a time such as 3s", e);
    }
  }

  /** As {@link #parse} takes it. */
  @Override
  public String toString() {
    return switch (value) {
      case Linger.Forever _ -> "forever";
      case Linger.Never _ -> "never";
      case Linger.UntilComplete until -> SettingValue.written(until.more());
    };
  }
}
