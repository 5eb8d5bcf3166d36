package dev.exodl.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TarHeaderTest {
  @Test
  void aSizeThatTheFieldCannotTellStandsInRecords() {
    for (long size : new long[] {0, 1, 512, (1L << 33) - 1}) {
      byte[] header = TarHeader.file("blobs/x", size);
      assertEquals(TarHeader.UNIT, header.length);
      assertEquals(new TarHeader("blobs/x", size, '0'), TarHeader.decode(header));
    }
    for (long size : new long[] {1L << 33, 1L << 40, 999_999_999_999_999_999L}) {
      byte[] header = TarHeader.file("blobs/x", size);
      assertEquals(3 * TarHeader.UNIT, header.length);
      TarHeader records = TarHeader.decode(Arrays.copyOf(header, TarHeader.UNIT));
      assertEquals('x', records.kind());
      int end = TarHeader.UNIT + (int) records.size();
      assertEquals(size, TarHeader.sizeIn(Arrays.copyOfRange(header, TarHeader.UNIT, end)));
    }
  }
}
