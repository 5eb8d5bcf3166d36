package dev.exodl.store;

import dev.exodl.model.ChunkGrid;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which chunks of a blob are held, each with the CRC32C of its bytes. Not safe for use by several
 * threads.
 */
final class Held {
  private final BitSet bits;
  private final int[] crcs;

  /** None of so many chunks. */
  Held(int chunks) {
    this(new BitSet(), new int[chunks]);
  }

  private Held(BitSet bits, int[] crcs) {
    this.bits = bits;
    this.crcs = crcs;
  }

  void add(int chunk, int crc) {
    crcs[chunk] = crc;
    bits.set(chunk);
  }

  void remove(int chunk) {
    crcs[chunk] = 0;
    bits.clear(chunk);
  }

  boolean has(int chunk) {
    return bits.get(chunk);
  }

  /** The checksum of a held chunk; 0 for another. */
  int crc(int chunk) {
    return crcs[chunk];
  }

  /** Bytes in the held chunks. */
  long bytes(ChunkGrid grid) {
    return bits.stream().mapToLong(i -> grid.chunk(i).length()).sum();
  }

  int count() {
    return bits.cardinality();
  }

  /** The numbers of the held chunks; the caller's own. */
  BitSet bits() {
    return (BitSet) bits.clone();
  }

  Held copy() {
    return new Held(bits(), crcs.clone());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Held held && bits.equals(held.bits) && Arrays.equals(crcs, held.crcs);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }

  @Override
  public String toString() {
    return bits.toString();
  }
}
