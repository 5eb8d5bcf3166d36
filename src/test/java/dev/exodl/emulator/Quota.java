package dev.exodl.emulator;

import java.time.Duration;

/** A fixed window of requests, as the hub's rate limits are, and the headers that tell of it. */
final class Quota {

  /** State after one more request was counted. */
  record Standing(
      String name, int quota, long windowSeconds, int left, long secondsToReset, boolean over) {

    void tell(Answer answer) {
      answer.with("RateLimit", "\"%s\";r=%d;t=%d".formatted(name, left, secondsToReset));
      answer.with(
          "RateLimit-Policy",
          "\"fixed window\";\"%s\";q=%d;w=%d".formatted(name, quota, windowSeconds));
    }
  }

  private final String name;
  private int quota;
  private Duration window;
  private long windowStart = System.nanoTime();
  private int used;

  Quota(String name, int quota, Duration window) {
    this.name = name;
    this.quota = quota;
    this.window = window;
  }

  synchronized void set(int newQuota, Duration newWindow) {
    quota = newQuota;
    window = newWindow;
    windowStart = System.nanoTime();
    used = 0;
  }

  synchronized Standing count() {
    long now = System.nanoTime();
    if (now - windowStart >= window.toNanos()) {
      windowStart = now;
      used = 0;
    }
    used++;
    long left = windowStart + window.toNanos() - now;
    // As the hub does: clients add a second to it.
    long seconds = left / 1_000_000_000;
    return new Standing(
        name, quota, window.toSeconds(), Math.max(0, quota - used), seconds, used > quota);
  }
}
