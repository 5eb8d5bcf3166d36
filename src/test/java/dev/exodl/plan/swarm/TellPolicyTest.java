package dev.exodl.plan.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TellPolicyTest {
  @Test
  void aFewNodesHaveTogetherAsManyStreamsFromTheHubAsOneAlone() {
    assertEquals(16, TellPolicy.hubStreams(1, 16));
    assertEquals(4, TellPolicy.hubStreams(4, 16));
    assertEquals(1, TellPolicy.hubStreams(11, 16));
    assertEquals(1, TellPolicy.hubStreams(40, 16));
    assertEquals(16, TellPolicy.hubStreams(0, 16), "before this node's own card is known");
  }

  @Test
  void aNewCoordinatorWaitsASecondWhereAllTellAllAndLongerWhereTheyTellInTurn() {
    assertEquals(1000, TellPolicy.of(2).gatherMillis());
    assertEquals(1000, TellPolicy.of(41).gatherMillis());
    assertEquals(2000, TellPolicy.of(42).gatherMillis());
    assertEquals(10_000, TellPolicy.of(10_000).gatherMillis());
  }

  @Test
  void ofManyNodesEachHasTwoForThoseThatFetchAreFew() {
    assertEquals(2, TellPolicy.hubStreams(41, 16));
    assertEquals(2, TellPolicy.hubStreams(10_000, 16));
    assertEquals(1, TellPolicy.hubStreams(10_000, 1));
  }
}
