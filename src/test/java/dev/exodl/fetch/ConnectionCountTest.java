package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ConnectionCountTest {
  /** Ten seconds in which {@code n} connections bring {@code min(n * each, all)}. */
  private static int after(ConnectionCount count, double from, double each, double all) {
    for (double t = from; t < from + 10; t += 0.25) {
      count.measured(t, Math.min(count.limit() * each, all), count.limit());
    }
    return count.limit();
  }

  @Test
  void growsWhileEveryConnectionBringsMore() {
    assertEquals(64, after(new ConnectionCount(64), 0, 20, 1e9));
  }

  @Test
  void hardlyGrowsWhenTheLinkIsFull() {
    assertTrue(after(new ConnectionCount(64), 0, 100, 400) <= 20);
  }

  @Test
  void neverExceedsWhatIsAllowed() {
    assertEquals(3, after(new ConnectionCount(3), 0, 20, 1e9));
  }

  @Test
  void halvesOnceWhenAStormOfRefusalsComes() {
    ConnectionCount count = new ConnectionCount(16);
    for (int i = 0; i < 20; i++) {
      count.throttled(1 + i * 0.01);
    }
    assertEquals(4, count.limit());
  }

  @Test
  void growsAgainAfterTheStorm() {
    ConnectionCount count = new ConnectionCount(16);
    count.throttled(1);
    assertEquals(4, after(count, 1, 20, 1e9));
    assertEquals(16, after(count, 12, 20, 1e9));
  }
}
