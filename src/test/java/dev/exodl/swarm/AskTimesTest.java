package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class AskTimesTest {
  private static final long NOW = 5_000_000;

  private final AskTimes times = new AskTimes(NOW);

  private static SwarmMessage.Lease lease(int millis, ChunkRun... runs) {
    return numbered(7, millis, runs);
  }

  private static SwarmMessage.Lease numbered(int number, int millis, ChunkRun... runs) {
    SwarmId swarm = new SwarmId(new Repo(RepoType.MODEL, "org/model"), new Commit("c".repeat(40)));
    return new SwarmMessage.Lease(swarm, number, List.of(runs), millis, 0, false);
  }

  @Test
  void whoseQuestionIsNotAnsweredAsksAgain() {
    assertFalse(times.mayAsk(NOW - 1));
    assertTrue(times.mayAsk(NOW));
    times.asked(NOW, true, 2000);
    assertFalse(times.mayAsk(NOW + 1999));
    assertTrue(times.mayAsk(NOW + 2000));
  }

  @Test
  void whoGotALeaseMayAskAtOnceAndWhoGotNoneWhenItWasTold() {
    times.asked(NOW, true, 2000);
    times.answered(Ids.A, lease(500), NOW + 10);
    assertFalse(times.mayAsk(NOW + 509));
    assertTrue(times.mayAsk(NOW + 510));
    times.asked(NOW + 510, true, 2000);
    times.answered(Ids.A, lease(20_000, new ChunkRun(0, 0, 1)), NOW + 520);
    assertTrue(times.mayAsk(NOW + 520));
  }

  @Test
  void whoFetchesIsHeardEveryFiveSeconds() {
    times.asked(NOW, true, 2000);
    assertFalse(times.isSilent(NOW + 4999));
    assertTrue(times.isSilent(NOW + 5000));
    times.asked(NOW + 5000, false, 2000);
    assertFalse(times.isSilent(NOW + 9999));
    assertTrue(times.isSilent(NOW + 10_000));
  }

  @Test
  void tellingWhatIsHeldDoesNotPutOffTheNextQuestion() {
    times.asked(NOW, true, 2000);
    times.answered(Ids.A, lease(100_000), NOW);
    times.asked(NOW + 5000, false, 2000);
    times.answered(Ids.A, lease(0), NOW + 5001);
    assertFalse(times.mayAsk(NOW + 99_999));
    assertTrue(times.mayAsk(NOW + 100_000));
    times.anew(NOW + 7000);
    assertTrue(times.mayAsk(NOW + 7000));
  }

  @Test
  void theNumberOfAnAnswerIsOfItsCoordinator() {
    assertEquals(0, times.heard(Ids.A));
    times.answered(Ids.A, lease(0), NOW);
    assertEquals(7, times.heard(Ids.A));
    assertEquals(0, times.heard(Ids.B), "another one counts its own");
    times.answered(Ids.A, numbered(6, 0), NOW);
    assertEquals(7, times.heard(Ids.A), "an answer that comes late takes none back");
    times.answered(Ids.B, numbered(2, 0), NOW);
    assertEquals(2, times.heard(Ids.B));
  }
}
