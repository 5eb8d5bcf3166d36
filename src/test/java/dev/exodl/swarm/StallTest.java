package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StallTest {
  @Test
  void aByteNowAndThenIsAsNothing() {
    assertFalse(Stall.isMoving(0, 0));
    assertFalse(Stall.isMoving(1, 2_000));
    assertFalse(Stall.isMoving(300, 600_000));
  }

  @Test
  void aSlowLineMoves() {
    assertTrue(Stall.isMoving(1, 0));
    assertTrue(Stall.isMoving(2_048, 2_000));
    assertTrue(Stall.isMoving(1 << 20, 600_000));
  }
}
