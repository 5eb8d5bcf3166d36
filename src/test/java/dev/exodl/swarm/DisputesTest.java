package dev.exodl.swarm;

import static dev.exodl.swarm.Disputes.Verdict.KEPT;
import static dev.exodl.swarm.Disputes.Verdict.LIED;
import static dev.exodl.swarm.Disputes.Verdict.REFUSED;
import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.model.NodeId;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DisputesTest {
  /** Told by A. */
  private static final int TOLD = 66;

  private static final int TRUE = 1;

  private final Disputes disputes = new Disputes();

  private Disputes.Verdict came(NodeId from, int crc) {
    return disputes.came(0, 7, from, A, TOLD, crc);
  }

  private Set<NodeId> whole(int crc) {
    return disputes.whole(0, chunk -> OptionalInt.of(crc));
  }

  @Test
  void whatWasToldIsKept() {
    assertEquals(KEPT, came(A, TOLD));
    assertEquals(KEPT, came(B, TOLD));
    assertEquals(Set.of(), whole(TOLD));
  }

  @Test
  void whoSendsOtherBytesThanItToldLied() {
    assertEquals(LIED, came(A, TRUE));
  }

  @Test
  void bytesThatFitTheirSendersOwnSumProveNothing() {
    assertEquals(REFUSED, came(B, TRUE));
    assertEquals(REFUSED, came(A, TOLD), "nobody else says so");
    assertEquals(Set.of(), disputes.whole(1, chunk -> OptionalInt.of(TRUE)), "of another file");
    assertEquals(KEPT, came(C, TRUE), "two say the same");
    assertEquals(Set.of(A), whole(TRUE));
    assertEquals(Set.of(), whole(TRUE), "that is said once");
  }

  @Test
  void twoThatLieTogetherAreBelievedUntilTheFileHasItsHash() {
    assertEquals(REFUSED, came(B, TRUE));
    assertEquals(KEPT, came(C, TOLD));
    // The file is wrong: what C sent is fetched anew.
    disputes.sent(0, 7, C, TOLD);
    assertEquals(Set.of(C), whole(TRUE), "and not B, who alone was right");
  }

  @Test
  void oneThatLiesAgainstTwoIsNamedWhenTheFileHasItsHash() {
    assertEquals(REFUSED, came(B, 9));
    assertEquals(KEPT, came(C, TOLD));
    assertEquals(Set.of(B), whole(TOLD));
  }

  @Test
  void theHubDecidesWhenItSaysWhatWasTold() {
    assertEquals(REFUSED, came(B, 9));
    assertEquals(Set.of(B), disputes.confirmed(0, 7, TOLD));
    assertEquals(Set.of(), disputes.confirmed(0, 7, TOLD));
  }

  @Test
  void whereThereIsNobodyElseOneIsBelieved() {
    assertEquals(REFUSED, came(B, TRUE));
    assertEquals(REFUSED, came(B, TRUE));
    assertEquals(KEPT, came(B, TRUE));
    assertEquals(Set.of(), whole(TRUE));
  }

  @Test
  void whoseSumIsNotKnownIsNotBlamed() {
    assertEquals(REFUSED, came(B, 9));
    assertEquals(REFUSED, came(D, 8));
    assertEquals(Set.of(), disputes.whole(0, chunk -> OptionalInt.empty()));
  }
}
