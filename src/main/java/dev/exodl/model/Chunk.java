package dev.exodl.model;

/**
 * A part of a blob: its number from 0, its first byte, and its length in bytes (the last one may be
 * shorter).
 */
public record Chunk(int index, long offset, int length) {
  /** The byte after the last one. */
  public long end() {
    return offset + length;
  }
}
