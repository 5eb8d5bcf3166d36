package dev.exodl.plan.swarm;

/**
 * A set of chunks of a snapshot by their places, see {@link SwarmBlobs#place}. Its words are open
 * to readers, so that several sets are combined without copies.
 */
public final class ChunkBits {
  private final long[] words;
  private final int size;

  /** None of {@code size} chunks. */
  public ChunkBits(int size) {
    this.words = new long[(size + 63) >> 6];
    this.size = size;
  }

  /** Of how many chunks it is a set. */
  public int size() {
    return size;
  }

  public boolean get(int place) {
    return (words[place >> 6] & (1L << place)) != 0;
  }

  public void set(int place) {
    words[place >> 6] |= 1L << place;
  }

  public void clear(int place) {
    words[place >> 6] &= ~(1L << place);
  }

  public void set(int place, boolean value) {
    if (value) {
      set(place);
    } else {
      clear(place);
    }
  }

  /** Sets all from {@code first} to {@code end} (exclusive). */
  public void set(int first, int end) {
    for (int i = first; i < end; i = next(i)) {
      words[i >> 6] |= mask(i, end);
    }
  }

  /** Clears all from {@code first} to {@code end} (exclusive). */
  public void clear(int first, int end) {
    for (int i = first; i < end; i = next(i)) {
      words[i >> 6] &= ~mask(i, end);
    }
  }

  /** The first place of the next word. */
  private static int next(int place) {
    return (place | 63) + 1;
  }

  /** The bits of the word of {@code first} from there to {@code end} or the word's end. */
  private static long mask(int first, int end) {
    long mask = -1L << first;
    return end >= next(first) ? mask : mask & (-1L >>> -end);
  }

  public void clear() {
    java.util.Arrays.fill(words, 0);
  }

  /** Places from 64 times {@code i} on, the lowest bit first. */
  public long word(int i) {
    return words[i];
  }

  /** How many words there are. */
  public int words() {
    return words.length;
  }

  /** The first one at or after {@code from}, or -1. */
  public int nextSet(int from) {
    if (from >= size) {
      return -1;
    }
    int i = from >> 6;
    long word = words[i] & (-1L << from);
    while (word == 0) {
      if (++i == words.length) {
        return -1;
      }
      word = words[i];
    }
    return (i << 6) + Long.numberOfTrailingZeros(word);
  }

  public int cardinality() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }
}
