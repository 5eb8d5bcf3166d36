package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.bits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EarlyAsksTest {
  private final EarlyAsks asks = new EarlyAsks();

  private static SwarmMessage.AskLease ask(int swarm, int runs) {
    SwarmId id = new SwarmId(Ids.SWARM.repo(), new Commit("%040x".formatted(swarm)));
    List<ChunkRun> holding = Collections.nCopies(runs, new ChunkRun(0, 0, 1));
    return new SwarmMessage.AskLease(id, bits(0), holding, 0, true);
  }

  private List<NodeId> given(long now) {
    List<NodeId> given = new ArrayList<>();
    asks.give(now, (from, ask) -> given.add(from));
    return given;
  }

  private int kept() {
    return ((Map<?, ?>) Objects.requireNonNull(Fields.get(asks, "kept"))).size();
  }

  @Test
  void theLastOfEachNodeAboutEachSnapshotIsGivenOnce() {
    asks.keep(A, ask(1, 0), 0);
    asks.keep(B, ask(1, 0), 1);
    asks.keep(A, ask(2, 0), 2);
    asks.keep(A, ask(1, 0), 3);
    assertEquals(List.of(B, A, A), given(4));
    assertEquals(List.of(), given(4));
  }

  @Test
  void whoNeverCoordinatesDoesNotKeepThem() {
    asks.keep(A, ask(1, 0), 0);
    asks.keep(B, ask(1, 0), EarlyAsks.MILLIS);
    assertEquals(2, kept());
    asks.keep(B, ask(2, 0), EarlyAsks.MILLIS + 1);
    assertEquals(2, kept());
    assertEquals(List.of(B, B), given(EarlyAsks.MILLIS + 1));
  }

  @Test
  void oneNodeTakesNoMoreThanItsPartAndOthersLoseNothing() {
    asks.keep(B, ask(0, 10), 0);
    for (int i = 0; i < 100; i++) {
      asks.keep(A, ask(i, 16_000), 0);
    }
    int each = 32 * 16_000;
    assertTrue(kept() - 1 <= EarlyAsks.OF_ONE_MOST / each, kept() + " are kept");
    assertEquals(B, given(0).getFirst());
  }

  @Test
  void allTogetherTakeNoMoreThanThereIsFor() {
    for (int i = 0; i < 1000; i++) {
      asks.keep(new NodeId("%032x".formatted(i)), ask(i, 16_000), 0);
    }
    assertTrue(kept() <= EarlyAsks.MOST / (32 * 16_000), kept() + " are kept");
  }
}
