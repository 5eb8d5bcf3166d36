package dev.exodl.hub;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a server asks to wait: the hub's {@code RateLimit}, else {@code Retry-After} in either
 * form.
 */
final class WaitAdvice {
  /** More than this is taken for a mistake: the hub's windows are five minutes. */
  static final Duration LONGEST = Duration.ofHours(1);

  /** {@code "api";r=0;t=55}, see huggingface/hub-docs rate-limits. */
  private static final Pattern LIMIT =
      Pattern.compile(";\\s*r\\s*=\\s*([0-9]{1,18})\\s*;\\s*t\\s*=\\s*([0-9]{1,18})");

  private WaitAdvice() {}

  /** The asked wait, at most an hour, or null when there is none that makes sense. */
  static @Nullable Duration in(Headers headers, Instant now) {
    Duration wait = null;
    for (String value : headers.all("RateLimit")) {
      Matcher m = LIMIT.matcher(value);
      while (m.find()) {
        if (Long.parseLong(m.group(1)) == 0) {
          // One second more, as huggingface_hub waits: t is rounded down.
          wait = longer(wait, capped(Long.parseLong(m.group(2))).plusSeconds(1));
        }
      }
    }
    String after = headers.first("Retry-After");
    if (wait == null && after != null) {
      wait = after(after.strip(), headers.first("Date"), now);
    }
    return wait == null || wait.compareTo(LONGEST) <= 0 ? wait : LONGEST;
  }

  private static @Nullable Duration after(String value, @Nullable String date, Instant now) {
    if (value.matches("[0-9]{1,18}")) {
      return capped(Long.parseLong(value));
    }
    Instant until = httpDate(value);
    if (until == null) {
      return null;
    }
    // The server's own clock, so that a wrong one here does not matter.
    Instant serverNow = date == null ? null : httpDate(date.strip());
    Duration wait = Duration.between(serverNow == null ? now : serverNow, until);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private static @Nullable Instant httpDate(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static Duration capped(long seconds) {
    return Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds()));
  }

  private static Duration longer(@Nullable Duration a, Duration b) {
    return a == null || a.compareTo(b) < 0 ? b : a;
  }
}
