package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two processes on one repo do the work once. */
class TwoProcessesIT {
  private static final int SHARD = 32 << 20;

  @RegisterExtension final ItStage stage = new ItStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    for (int shard = 1; shard <= 4; shard++) {
      repo.lfs("model-" + shard + ".bin", RepoContent.random(shard, SHARD));
    }
    repo.commit("first");
    repo.head().files().values().forEach(b -> b.etag());
    return repo;
  }

  @Test
  void shareTheWork() throws Exception {
    HubRepo repo = model();
    stage.hub().settings().totalRate(60 << 20);
    try (Program.Running one = stage.program().start(stage.sync(repo, "--json"));
        Program.Running other = stage.program().start(stage.sync(repo, "--json"))) {
      long first = fetched(one.ended());
      assertEquals(ItStage.lfsSize(repo), first + fetched(other.ended()));
    }
    ItStage.assertWhole(repo, stage.snapshot(repo));
    // Where a connection was relieved of the end of its run, some bytes were on the way already.
    long more = stage.cdnBytes() - ItStage.lfsSize(repo);
    assertTrue(more <= 16L << 20, () -> "the hub served " + more + " bytes more");
  }

  private static long fetched(Program.Ended ended) throws Exception {
    assertEquals(0, ended.code(), ended::toString);
    return new ObjectMapper().readTree(ended.out()).get("bytesFetched").asLong();
  }

  @Test
  void theOtherTakesOverWhenOneIsKilled() throws Exception {
    HubRepo repo = stage.hub().model("org/one");
    repo.lfs("model.bin", RepoContent.random(9, 4 * SHARD)).commit("first");
    repo.blob("model.bin").etag();
    stage.hub().settings().totalRate(20 << 20);
    try (Program.Running one = stage.program().start(stage.sync(repo))) {
      assertTrue(stage.hub().log().awaitFileBytes(4 << 20, Duration.ofSeconds(60)));
      try (Program.Running other = stage.program().start(stage.sync(repo))) {
        assertTrue(
            stage.hub().log().await(log -> told(other, owner(one)), Duration.ofSeconds(30)),
            () -> "it tells that it waits for " + owner(one) + ": " + other);
        assertTrue(one.process().isAlive(), "there was something to wait for");
        one.kill();
        stage.hub().settings().totalRate(0);
        stage.assertWhole(repo, other.ended());
      }
    }
    long lost = stage.cdnBytes() - ItStage.lfsSize(repo);
    assertTrue(lost >= 0 && lost <= 16L << 20, () -> "lost " + lost);
  }

  /** As people are told of it: by its own number, which a binary must not bring along. */
  private static String owner(Program.Running one) {
    return "another process (process " + one.process().pid() + " on this machine)";
  }

  private static boolean told(Program.Running run, String words) {
    try {
      return run.errSoFar().contains(words);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
