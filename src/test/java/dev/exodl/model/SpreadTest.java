package dev.exodl.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static ByteRange range(long from, long to) {
    return new ByteRange(from, to);
  }

  @Test
  void bytesFollowEachOtherAndTheirPlacesSkipTheHoles() {
    Spread spread = new Spread(List.of(range(0, 10), range(100, 105), range(200, 201)), 300);
    assertEquals(16, spread.length());
    assertEquals(300, spread.fileSize());
    assertEquals(0, spread.place(0));
    assertEquals(9, spread.place(9));
    assertEquals(100, spread.place(10));
    assertEquals(104, spread.place(14));
    assertEquals(200, spread.place(15));
    assertEquals(10, spread.together(0));
    assertEquals(1, spread.together(9));
    assertEquals(5, spread.together(10));
    assertEquals(1, spread.together(15));
    assertEquals(0, spread.together(16));
    assertThrows(IndexOutOfBoundsException.class, () -> spread.place(16));
  }

  @Test
  void aWholeFileHasNoHoles() {
    assertEquals(7, Spread.whole(7).length());
    assertEquals(6, Spread.whole(7).place(6));
    assertEquals(0, Spread.whole(0).length());
  }

  @Test
  void rangesThatTouchOrLeaveTheFileAreNone() {
    assertThrows(
        IllegalArgumentException.class, () -> new Spread(List.of(range(0, 10), range(10, 12)), 20));
    assertThrows(IllegalArgumentException.class, () -> new Spread(List.of(range(5, 5)), 20));
    assertThrows(IllegalArgumentException.class, () -> new Spread(List.of(range(5, 21)), 20));
  }
}
