package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitAdviceTest {
  private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");

  private static @Nullable Duration told(String... namesAndValues) {
    Map<String, List<String>> headers = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return WaitAdvice.in(new Headers(headers), NOW);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void takesTheResetOfTheWindowThatIsUsedUp() {
    assertEquals(seconds(56), told("RateLimit", "\"api\";r=0;t=55"));
    assertEquals(seconds(56), told("ratelimit", "\"api\"; r=0; t=55", "Retry-After", "1"));
    assertEquals(seconds(10), told("RateLimit", "\"api\";r=3;t=55, \"resolvers\";r=0;t=9"));
  }

  @Test
  void takesRetryAfterWhenSomethingIsLeftInTheWindow() {
    assertEquals(seconds(7), told("RateLimit", "\"api\";r=1;t=55", "Retry-After", "7"));
  }

  @Test
  void takesADateByTheServersOwnClock() {
    assertEquals(seconds(30), told("Retry-After", "Sat, 01 Aug 2026 12:00:30 GMT"));
    assertEquals(
        seconds(30),
        told(
            "Retry-After", "Mon, 03 Aug 2026 08:00:30 GMT",
            "Date", "Mon, 03 Aug 2026 08:00:00 GMT"));
  }

  @Test
  void aDateThatIsOverMeansNow() {
    assertEquals(Duration.ZERO, told("Retry-After", "Sat, 01 Aug 2026 11:00:00 GMT"));
  }

  @Test
  void passesOverWhatMakesNoSense() {
    assertNull(told());
    for (String wrong :
        new String[] {"", "soon", "-5", "1.5", "99999999999999999999", "32 Foo 2026"}) {
      assertNull(told("Retry-After", wrong), wrong);
    }
    assertNull(told("RateLimit", "\"api\";r=x;t=9"));
    assertNull(told("RateLimit", "\"api\";r=5;t=9"));
  }

  @Test
  void waitsAnHourAtMost() {
    assertEquals(Duration.ofHours(1), told("Retry-After", "86400"));
    assertEquals(Duration.ofHours(1), told("RateLimit", "\"api\";r=0;t=999999999999999999"));
    assertEquals(Duration.ofHours(1), told("Retry-After", "Sat, 01 Aug 2099 11:00:00 GMT"));
  }
}
