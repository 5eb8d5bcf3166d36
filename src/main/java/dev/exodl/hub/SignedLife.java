package dev.exodl.hub;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * How long a signed address is good: CloudFront's {@code Expires} (Unix seconds) or S3's {@code
 * X-Amz-Date} and {@code X-Amz-Expires}. Measured by the server's clock where it tells it, since a
 * wrong one here would make each address look expired.
 */
final class SignedLife {
  private static final DateTimeFormatter AMZ = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private SignedLife() {}

  /**
   * The time from now until the address should be renewed, a margin before its end.
   *
   * @param date the {@code Date} of the answer that gave it
   * @return null when the address does not tell, or is said to be over already
   */
  static @Nullable Duration of(URI address, @Nullable String date, Instant now) {
    Instant end = end(address);
    if (end == null) {
      return null;
    }
    Duration life = Duration.between(serverTime(date, now), end);
    if (life.isNegative() || life.isZero()) {
      return null;
    }
    Duration margin = life.compareTo(MARGIN.multipliedBy(4)) > 0 ? MARGIN : life.dividedBy(4);
    return life.minus(margin);
  }

  private static @Nullable Instant end(URI address) {
    try {
      String expires = parameter(address, "Expires");
      if (expires != null) {
        return Instant.ofEpochSecond(Long.parseLong(expires));
      }
      String from = parameter(address, "X-Amz-Date");
      String seconds = parameter(address, "X-Amz-Expires");
      if (from == null || seconds == null) {
        return null;
      }
      return LocalDateTime.parse(from, AMZ)
          .toInstant(ZoneOffset.UTC)
          .plusSeconds(Long.parseLong(seconds));
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static Instant serverTime(@Nullable String date, Instant now) {
    if (date == null) {
      return now;
    }
    try {
      return ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return now;
    }
  }

  private static @Nullable String parameter(URI address, String name) {
    String query = address.getRawQuery();
    if (query == null) {
      return null;
    }
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return null;
  }
}
