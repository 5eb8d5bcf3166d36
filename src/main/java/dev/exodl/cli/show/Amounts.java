package dev.exodl.cli.show;

import java.time.Duration;
import java.util.Locale;

/** Bytes, rates and times as people read them. Units are powers of 1000, as on the hub's pages. */
public final class Amounts {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

  private Amounts() {}

  /** For example {@code 999 B}, {@code 1.5 GB}, {@code 64.0 MB}, {@code 512 MB}: three digits. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (unit + 1 < UNITS.length && rounded(value, unit) >= 1000) {
      value /= 1000;
      unit++;
    }
    String number =
        unit == 0 || value >= 99.95
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.1f", value);
    return number + " " + UNITS[unit];
  }

  private static double rounded(double value, int unit) {
    return unit == 0 ? value : Math.rint(value);
  }

  public static String rate(double bytesPerSecond) {
    return bytes(Math.round(bytesPerSecond)) + "/s";
  }

  /** For example {@code 0:07}, {@code 12:30}, {@code 3:02:01}, {@code 2d 4h}. */
  public static String time(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 86_400) {
      return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }
    if (seconds >= 3600) {
      return String.format(
          Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds % 3600 / 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  /** A short time in words, for example {@code 0.4 s}, {@code 12 s}, {@code 3 min}. */
  public static String brief(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 9_950) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    return millis < 120_000 ? Math.round(millis / 1000.0) + " s" : time(duration);
  }

  /** For example {@code now}, {@code 5 min ago}, {@code 3 hours ago}, {@code 12 days ago}. */
  public static String ago(Duration duration) {
    long minutes = duration.toMinutes();
    if (minutes < 1) {
      return "now";
    }
    if (minutes < 60) {
      return minutes + " min ago";
    }
    long hours = duration.toHours();
    if (hours < 48) {
      return hours == 1 ? "1 hour ago" : hours + " hours ago";
    }
    return duration.toDays() + " days ago";
  }

  /** Rounded down, so that 100 is said only of the whole. */
  static int percent(long part, long whole) {
    if (whole <= 0) {
      return 100;
    }
    return (int) Math.clamp(Math.floor(100.0 * part / whole), 0, 100);
  }

  /** {@code 1 file}, {@code 2 files}. */
  public static String files(long number) {
    return number == 1 ? "1 file" : String.format(Locale.ROOT, "%,d files", number);
  }
}
