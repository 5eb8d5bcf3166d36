package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShunnedTest {
  private final Shunned shunned = new Shunned();

  @Test
  void whoWasSeenLyingIsShunnedAtOnceAndThatIsNewsOnce() {
    assertTrue(shunned.seen(A, "it lied"));
    assertTrue(shunned.is(A));
    assertFalse(shunned.seen(A, "it lied"));
    assertFalse(shunned.is(B));
  }

  @Test
  void ofOthersItTakesTwoVoices() {
    assertFalse(shunned.reported(A, B));
    assertFalse(shunned.is(A));
    assertTrue(shunned.reported(A, C));
    assertTrue(shunned.is(A));
    assertFalse(shunned.reported(A, D), "that is no news any more");
  }

  @Test
  void whoAccusedOneThatLeftIsNotKeptButWhoIsShunnedStaysSo() {
    assertFalse(shunned.reported(A, B));
    assertTrue(shunned.seen(D, "it lied"));
    shunned.retain(Set.of(C));
    assertFalse(shunned.reported(A, C));
    assertTrue(shunned.is(D));
  }

  @Test
  void whoIsShunnedAndLeftIsNoneOfTheMembers() {
    shunned.seen(A, "it lied");
    assertTrue(shunned.any(Set.of(A, B)));
    assertFalse(shunned.any(Set.of(B)));
  }

  @Test
  void oneVoiceTwiceIsOne() {
    assertFalse(shunned.reported(A, B));
    assertFalse(shunned.reported(A, B));
    assertFalse(shunned.is(A));
  }

  @Test
  void theVoiceOfWhoIsShunnedCountsNothing() {
    shunned.seen(B, "it lied");
    assertFalse(shunned.reported(A, B));
    assertFalse(shunned.reported(A, C), "that is the first voice");
    assertTrue(shunned.reported(A, D));
  }

  @Test
  void whomANodeShunsIsRememberedAlsoOfThisOne() {
    assertFalse(shunned.reported(A, B));
    assertTrue(shunned.accused(D, B), "D is this node");
    assertFalse(shunned.accused(D, B));
    assertEquals(Set.of(A, D), shunned.by(B));
    assertEquals(Set.of(), shunned.by(C));
  }

  @Test
  void theVoiceOfWhoIsShunnedLaterCountsNothingToo() {
    assertFalse(shunned.reported(A, B));
    shunned.seen(B, "it lied");
    assertFalse(shunned.reported(A, C));
    assertTrue(shunned.reported(A, D));
  }

  @Test
  void onlyWhatThisNodeSawItselfIsToldOn() {
    shunned.reported(A, B);
    shunned.reported(A, C);
    shunned.seen(D, "it lied");
    assertEquals(Map.of(D, "it lied"), shunned.seen());
    assertFalse(shunned.seen(A, "it lied too"), "it is shunned already");
    assertEquals(Set.of(A, D), shunned.seen().keySet());
  }
}
