package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OwnShareTest {
  @Test
  void itIsWhatWhoeverCoordinatesSays() {
    assertEquals(3_000_000, OwnShare.of(3_000_000, 0, 4));
    assertEquals(3_000_000, OwnShare.of(3_000_000, 8_000_000, 4));
  }

  @Test
  void whereThatOneHasNoCapItIsAPartOfItsOwn() {
    assertEquals(0, OwnShare.of(0, 0, 4));
    assertEquals(2_000_000, OwnShare.of(0, 8_000_000, 4));
    assertEquals(1, OwnShare.of(0, 3, 4));
    assertEquals(8, OwnShare.of(0, 8, 0));
  }

  @Test
  void nobodyMakesTheHubUseless() {
    assertEquals(OwnShare.LEAST, OwnShare.of(1, 0, 4));
    assertEquals(OwnShare.LEAST, OwnShare.of(1, 8_000_000, 4));
  }

  @Test
  void aCapThatIsSmallerThanThatIsKept() {
    assertEquals(10_000, OwnShare.of(1, 40_000, 4));
    assertEquals(20_000, OwnShare.of(20_000, 40_000, 4));
  }
}
