package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StandstillTest {
  private static final int CHUNK = 1 << 20;

  private final Standstill still = new Standstill(0, 1_000);

  @Test
  void whoIsAskedForNothingIsWaitedForALittle() {
    assertFalse(still.heldBack(0, CHUNK, 16_000));
    assertTrue(still.heldBack(0, CHUNK, 16_001));
    still.came(16_001);
    assertFalse(still.heldBack(0, CHUNK, 31_001));
  }

  @Test
  void aPullThatHasTheLeastPaceHasTheTimeForAChunk() {
    for (int pulls : new int[] {1, 2, 16}) {
      long millis = (long) (CHUNK * 1000.0 / still.leastPace(pulls));
      assertFalse(still.heldBack(pulls, CHUNK, 1_000 + millis));
      assertTrue(still.heldBack(pulls, CHUNK, 16_001 + millis));
    }
  }

  @Test
  void allPullsTogetherHaveTheLeastPace() {
    assertEquals(64 << 10, still.leastPace(0));
    assertEquals(64 << 10, still.leastPace(1));
    assertEquals(4 << 10, still.leastPace(16));
    assertEquals(1_000, new Standstill(4_000, 0).leastPace(4), "this node wants no more");
  }

  @Test
  void whatNobodyHoldsIsWaitedForLonger() {
    assertFalse(still.leftAlone(0, CHUNK, false, 0, 61_000));
    assertTrue(still.leftAlone(0, CHUNK, false, 0, 61_001));
    assertFalse(still.leftAlone(0, CHUNK, true, 0, 301_000), "not all of many at once");
    assertTrue(still.leftAlone(0, CHUNK, true, 0, 301_001));
  }

  @Test
  void whereChunksTakeLongTheyAreWaitedForLongerButNotForEver() {
    assertFalse(still.leftAlone(0, CHUNK, false, 100_000, 261_000));
    assertTrue(still.leftAlone(0, CHUNK, false, 100_000, 261_001));
    long longest = 1_000 + 9 * 60_000;
    assertFalse(still.leftAlone(0, CHUNK, true, 1_000_000, longest));
    assertTrue(still.leftAlone(0, CHUNK, true, 1_000_000, longest + 1));
  }

  @Test
  void whileTheHubIsClosedNoTimePasses() {
    still.looks(true, 10_000);
    still.looks(false, 40_000);
    assertFalse(still.heldBack(0, CHUNK, 40_000));
    still.looks(true, 46_000);
    assertFalse(still.heldBack(0, CHUNK, 46_000));
    assertTrue(still.heldBack(0, CHUNK, 46_001));
    still.came(50_000);
    still.looks(false, 51_000);
    assertFalse(still.heldBack(0, CHUNK, 66_000), "it came meanwhile");
    assertTrue(still.heldBack(0, CHUNK, 66_001));
  }
}
