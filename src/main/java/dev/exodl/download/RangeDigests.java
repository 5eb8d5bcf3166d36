package dev.exodl.download;

import dev.exodl.model.ByteRange;
import dev.exodl.verify.ByteHash;
import java.util.ArrayList;
import java.util.List;

/** The sha256 of each of some ranges, fed with their bytes in order. */
final class RangeDigests {
  private final List<ByteRange> ranges;
  private final List<String> done = new ArrayList<>();
  private ByteHash hash = ByteHash.fastest().sha256();
  private long taken;

  RangeDigests(List<ByteRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /** Takes the next bytes; there have to be as many as the ranges have. */
  void update(byte[] bytes, int from, int length) {
    int at = from;
    int left = length;
    while (left > 0) {
      long rest = ranges.get(done.size()).length() - taken;
      int part = (int) Math.min(left, rest);
      hash.update(bytes, at, part);
      at += part;
      left -= part;
      taken += part;
      if (taken == ranges.get(done.size()).length()) {
        done.add(hash.hex());
        hash = ByteHash.fastest().sha256();
        taken = 0;
      }
    }
  }

  /** The digests of the ranges that are whole, in their order. */
  List<String> hex() {
    return List.copyOf(done);
  }
}
