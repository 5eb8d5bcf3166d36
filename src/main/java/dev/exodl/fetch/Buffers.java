package dev.exodl.fetch;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Large buffers that go from one run to the next. Made anew for each run they outlive the young
 * generation and fill the heap with garbage.
 */
final class Buffers {
  /** Few large writes cost much less than many small ones; more than this gains nothing. */
  private static final int SIZE = 256 << 10;

  private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();

  /**
   * A buffer for this many bytes, smaller when they are more than 256 KiB; it may hold old bytes.
   */
  byte[] take(long wanted) {
    if (wanted < SIZE) {
      return new byte[(int) Math.max(1, wanted)];
    }
    byte[] used = free.poll();
    return used == null ? new byte[SIZE] : used;
  }

  /** Takes back what {@link #take} gave; nobody may use it any more. */
  void giveBack(byte[] buffer) {
    if (buffer.length == SIZE) {
      free.add(buffer);
    }
  }
}
