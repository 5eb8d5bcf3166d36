package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubRepo;
import dev.exodl.model.ChunkGrid;
import dev.exodl.store.CacheInvariants;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kill -9} at any moment loses only unfinished chunks. */
class KilledFiftyTimesIT {
  private static final int KILLS = 50;
  private static final int CONNECTIONS = 16;
  private static final long MODEL = 512L << 20;

  /** So few bytes a run at most that 50 runs do not finish the model. */
  private static final int MOST_BYTES = 14 << 20;

  private static final int MOST_MILLIS = 900;

  @RegisterExtension final ItStage stage = new ItStage();

  @Test
  void fiftyKillsCostAtMostTheUnfinishedChunks() throws Exception {
    HubRepo repo = stage.hub().model("org/model");
    Fixtures.safetensorsModel(repo, MODEL, 4);
    repo.head().files().values().forEach(b -> b.etag());
    stage.hub().settings().totalRate(200_000_000);
    Random random = new Random(20_260_801);
    for (int kill = 1; kill <= KILLS; kill++) {
      killOnce(repo, random, kill % 5 == 0);
      if (kill % 10 == 0) {
        CacheInvariants.check(stage.cache());
      }
    }
    long beforeTheEnd = stage.cdnBytes();
    assertTrue(beforeTheEnd > MODEL / 8, () -> "kills came too early: " + beforeTheEnd);
    stage.assertWhole(repo, stage.program().run(stage.sync(repo)));

    long lost = stage.cdnBytes() - ItStage.lfsSize(repo);
    long allowed = (long) KILLS * CONNECTIONS * ChunkGrid.chunkSizeFor(repo.totalSize());
    System.out.printf(
        "%d kills of a %d MiB download cost %.1f MiB = %.1f %% of it (%.2f MiB a kill; at most %d"
            + " MiB are allowed)%n",
        KILLS,
        MODEL >> 20,
        lost / 1048576.0,
        100.0 * lost / MODEL,
        lost / 1048576.0 / KILLS,
        allowed >> 20);
    assertTrue(lost >= 0, "the hub served all of it");
    assertTrue(lost <= allowed, () -> "lost " + lost + " bytes of " + allowed);
  }

  /** Kills a run after a random number of bytes, or after a random time, perhaps at its start. */
  private void killOnce(HubRepo repo, Random random, boolean byTime) throws Exception {
    long target = stage.cdnBytes() + random.nextInt(MOST_BYTES);
    long millis = random.nextInt(MOST_MILLIS);
    try (Program.Running run = stage.program().start(stage.sync(repo))) {
      if (byTime) {
        Thread.sleep(millis);
      } else {
        stage
            .hub()
            .log()
            .await(
                log -> stage.cdnBytes() >= target || !run.process().isAlive(),
                Duration.ofSeconds(30));
      }
      run.kill();
    }
  }
}
