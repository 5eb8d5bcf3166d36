package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.emulator.Where;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Excerpts whose making is cut off, or goes on in spite of troubles. */
class ShardResumeTest {
  /** 134 MB: of a share 34, in files of 17. */
  private static final LayeredModel MODEL = new LayeredModel(16, 1024);

  /** What runs that were cut off may have fetched in vain: a chunk for each connection. */
  private static final long IN_VAIN = 16L * MIB;

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo repo() {
    HubRepo repo = stage.hub().model("exo/layers");
    MODEL.safetensors(repo, 8);
    repo.head().files().values().forEach(b -> b.etag());
    return repo;
  }

  private Path dir() {
    return stage.folder().resolve("dir");
  }

  private SyncRequest share(HubRepo repo, ShardForm form) {
    return Shards.share(stage.asking(repo).localDir(dir()), "2/4", form);
  }

  private void assertWhole(HubRepo repo, SyncResult result) throws IOException {
    ShardManifest manifest = ShardManifest.in(dir()).orElseThrow();
    assertEquals(result.shard().orElseThrow().needed().files().size(), manifest.files().size());
    VerifyResult verified =
        new Verify(
                new SyncSettings(stage.settings, stage.limits, false), e -> {}, new ProgressBoard())
            .run(new VerifyRequest.Remembered(dir()));
    assertEquals(0, verified.count(VerifyResult.Verdict.Wrong.class));
    assertEquals(0, verified.count(VerifyResult.Verdict.Missing.class));
    if (result.shard().orElseThrow().form() == ShardForm.REPACK) {
      Shards.repacked(repo, dir());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ShardForm.class,
      names = {"RANGES", "REPACK"})
  void goesOnAfterAStop(ShardForm form) throws Exception {
    HubRepo repo = repo();
    stage.hub().settings().totalRate(20 * MIB);
    Sync sync = stage.prepare(new ProgressBoard());
    CompletableFuture<SyncResult> running =
        CompletableFuture.supplyAsync(() -> sync.run(share(repo, form)));
    stage.hub().log().awaitFileBytes(12 * MIB, Duration.ofSeconds(30));
    sync.stop();
    assertInstanceOf(
        CancellationException.class, assertThrows(Exception.class, running::join).getCause());
    assertTrue(
        Shards.visible(dir()).stream().noneMatch(f -> f.contains("exo-dl-shard")),
        Shards.visible(dir()).toString());
    stage.hub().settings().totalRate(0);
    SyncResult result = stage.sync(share(repo, form));
    long bytes = result.shard().orElseThrow().needed().bytes();
    assertTrue(result.bytesFetched() < bytes - 4L * MIB, "kept what was fetched");
    assertTrue(stage.hub().log().fileBytesServed() <= bytes + IN_VAIN + 2L * MIB);
    assertWhole(repo, result);
  }

  @ParameterizedTest
  @EnumSource(
      value = ShardForm.class,
      names = {"RANGES", "REPACK"})
  void goesOnAfterAKill(ShardForm form) throws Exception {
    HubRepo repo = repo();
    stage.hub().settings().totalRate(20 * MIB);
    for (long bytes : new long[] {12L * MIB, 26L * MIB}) {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-Xmx256m",
                  "-XX:-UsePerfData",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ShardMain.class.getName(),
                  stage.hub().url(),
                  repo.id(),
                  dir().toString(),
                  "2/4",
                  form.name())
              .inheritIO()
              .start();
      stage.hub().log().awaitFileBytes(bytes, Duration.ofSeconds(120));
      process.destroyForcibly().waitFor();
    }
    stage.hub().settings().totalRate(0);
    SyncResult result = stage.sync(share(repo, form));
    long bytes = result.shard().orElseThrow().needed().bytes();
    assertTrue(result.bytesFetched() < bytes - 8L * MIB, "fetched " + result.bytesFetched());
    assertTrue(stage.hub().log().fileBytesServed() <= bytes + 2 * IN_VAIN + 2L * MIB);
    assertWhole(repo, result);
  }

  @ParameterizedTest
  @EnumSource(
      value = ShardForm.class,
      names = {"RANGES", "REPACK"})
  void troublesOnTheWayAreMended(ShardForm form) throws Exception {
    HubRepo repo = repo();
    stage.hub().faults().on(Where.CDN).nth(5).then(new Fault.CutAfter(100_000));
    stage.hub().faults().on(Where.CDN).nth(6).then(Fault.rateLimited(1));
    stage.hub().faults().on(Where.CDN).nth(7).then(Fault.truncated(3_000_000));
    stage.hub().faults().on(Where.CDN).nth(8).then(Fault.status(503));
    stage.hub().faults().on(Where.CDN).nth(9).then(new Fault.ExpireUrls());
    assertWhole(repo, stage.sync(share(repo, form)));
  }

  @Test
  void twoAtOnceFetchOnce() throws Exception {
    HubRepo repo = repo();
    stage.hub().settings().totalRate(40 * MIB);
    List<CompletableFuture<SyncResult>> both =
        List.of(
            CompletableFuture.supplyAsync(() -> stage.sync(share(repo, ShardForm.RANGES))),
            CompletableFuture.supplyAsync(() -> stage.sync(share(repo, ShardForm.RANGES))));
    long bytes = both.getFirst().join().shard().orElseThrow().needed().bytes();
    SyncResult other = both.getLast().join();
    assertTrue(stage.hub().log().fileBytesServed() <= bytes + 2L * MIB);
    assertWhole(repo, other);
    Map<String, String> tree = SyncStage.tree(dir());
    stage.sync(share(repo, ShardForm.RANGES));
    assertEquals(tree, SyncStage.tree(dir()));
  }
}
