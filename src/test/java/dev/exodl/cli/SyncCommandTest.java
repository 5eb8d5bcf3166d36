package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.ShardForm;
import dev.exodl.download.ShardRequest;
import dev.exodl.download.SplitHow;
import dev.exodl.download.SyncEvent;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncRequest.Place;
import dev.exodl.download.SyncRequest.Selection;
import dev.exodl.download.SyncResult;
import dev.exodl.hub.Token;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.weights.Layers;
import dev.exodl.weights.Shard;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SyncCommandTest {
  private static final ShardRequest.Share.Dealt SHARE =
      new ShardRequest.Share.Dealt(new SplitHow.ByMemory(List.of(1L, 2L, 3L, 4L)), 2, 4);

  private static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");
  private static final RepoFile CONFIG =
      new RepoFile(new RepoPath("config.json"), 1_200, BlobId.of("a".repeat(40)));
  private static final RepoFile WEIGHTS =
      new RepoFile(new RepoPath("model.safetensors"), 4_976_698_672L, BlobId.of("b".repeat(64)));

  private final Harness harness = new Harness();

  private static SyncResult result(SyncRequest request, RepoFile... missing) {
    return new SyncResult(
        request.repo(),
        request.revision(),
        COMMIT,
        Path.of("/home/me/.cache/huggingface/hub/models--org--name/snapshots/" + COMMIT),
        List.of(CONFIG, WEIGHTS),
        List.of(missing),
        missing.length == 0 ? 0 : WEIGHTS.size(),
        0,
        1_200,
        7,
        request.dryRun(),
        request.offline(),
        Duration.ofSeconds(10),
        List.of("mind the gap"),
        Optional.empty());
  }

  private Harness answering(RepoFile... missing) {
    harness.sync =
        s -> {
          s.listener()
              .on(new SyncEvent.Resolved(s.request().repo(), s.request().revision(), COMMIT));
          s.listener()
              .on(new SyncEvent.Planned(9, 2, 4_976_699_872L, missing.length, 4_976_698_672L));
          return result(s.request(), missing);
        };
    return harness;
  }

  @Test
  void workThatDoesNotStopIsToldOfToo() {
    List<Integer> ended = new ArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    harness.stopper = new Stopper(code -> {}, ended::add);
    harness.stoppingSync = () -> assertDoesNotThrow(() -> never.await());
    harness.sync =
        s -> {
          harness.stopper.signalled(ExitCode.INTERRUPTED);
          throw new CancellationException("stopped");
        };
    harness.run("sync", "org/name");
    assertEquals(List.of(130), ended);
    String told = harness.console.stderr();
    assertTrue(told.contains("run the same command again"), told);
  }

  @Test
  void stdoutIsThePathAlone() throws Exception {
    StringBuilder text = new StringBuilder();
    text.append(answering(WEIGHTS).transcript("sync", "org/name"));
    Golden.check("sync-done.txt", text.toString());
  }

  @Test
  void nothingToDoSaysSo() {
    assertEquals(0, answering().run("sync", "org/name"));
    assertTrue(harness.console.stderr().contains("all 2 files (5.0 GB) were here"));
  }

  @Test
  void quietLeavesThePathOnly() {
    assertEquals(0, answering(WEIGHTS).run("sync", "-q", "org/name"));
    assertEquals("", harness.console.stderr());
    assertTrue(harness.console.stdout().endsWith(COMMIT + "\n"));
  }

  @Test
  void jsonIsOneObject() throws Exception {
    answering(WEIGHTS).run("sync", "org/name", "--json", "-q");
    Golden.check("sync.json", harness.console.stdout());
  }

  @Test
  void aDryRunIsATable() throws Exception {
    Golden.check(
        "sync-dry-run.txt", answering(WEIGHTS).transcript("sync", "org/name", "--dry-run"));
  }

  @Test
  void layersBecomeTheRequest() {
    answering();
    assertEquals(0, harness.run("sync", "org/name", "--layers", "0-15,embed", "--with-shared"));
    assertEquals(
        Optional.of(
            new ShardRequest(
                new ShardRequest.Share.Listed(Layers.parse("--layers", "0-15,embed")),
                true,
                ShardForm.FILES)),
        harness.request.shard());
    assertEquals(0, harness.run("sync", "org/name", "--shard=2/4", "--shard-form", "files"));
    assertEquals(
        Optional.of(
            new ShardRequest(
                new ShardRequest.Share.Numbered(new Shard(2, 4)), false, ShardForm.FILES)),
        harness.request.shard());
    assertEquals(0, harness.run("sync", "org/name"));
    assertEquals(Optional.empty(), harness.request.shard());
    assertEquals(0, harness.run("sync", "org/name", "--layers=3", "--then-complete"));
    assertTrue(harness.request.shard().orElseThrow().thenComplete());
  }

  @Test
  void aSplitBecomesTheRequest() {
    answering();
    assertEquals(0, harness.run("sync", "org/name", "--cluster", "--split", "bytes"));
    assertEquals(
        Optional.of(
            new ShardRequest(
                new ShardRequest.Share.OfCluster(SplitBy.BYTES, Optional.empty()),
                false,
                ShardForm.FILES,
                false)),
        harness.request.shard());
    assertEquals(
        0,
        harness.run(
            "sync",
            "org/name",
            "--cluster",
            "--split=memory",
            "--memory",
            "4GiB",
            "--then-complete",
            "--with-shared"));
    assertEquals(
        Optional.of(
            new ShardRequest(
                new ShardRequest.Share.OfCluster(SplitBy.MEMORY, Optional.of(4L << 30)),
                true,
                ShardForm.FILES,
                true)),
        harness.request.shard());
  }

  @Test
  void impossibleLayersAreOneClearLine() throws Exception {
    StringBuilder text = new StringBuilder();
    for (String line :
        List.of(
            "--layers 0-5,5-7",
            "--layers 7-0",
            "--layers all",
            "--layers 1,1",
            "--shard 5/4",
            "--shard four",
            "--shard 1/4 --layers 0-3",
            "--with-shared",
            "--shard-form files",
            "--shard 1/4 --shard-form wishes",
            "--shard 1/4 --shard-form ranges --layout exo",
            "--shard 1/4 --shard-form ranges --then-complete",
            "config.json --layers 0-3",
            "--split equal",
            "--split wishes --cluster",
            "--split equal --cluster --layers 0-3",
            "--split equal --cluster --dry-run",
            "config.json --split equal --cluster",
            "--split equal --cluster --memory 4GiB",
            "--split memory --cluster --memory 0",
            "--split memory --cluster --memory much",
            "--memory 4GiB",
            "--then-complete",
            "--on-shard-ready true",
            "--shard 1/4 --dry-run --on-shard-ready true",
            "--shard 1/4 --on-shard-ready=")) {
      text.append(new Harness().transcript(("sync org/name " + line).split(" ")));
    }
    Golden.check("sync-layers-usage.txt", text.toString());
  }

  @Test
  void optionsBecomeTheRequest() {
    answering();
    harness.run(
        "sync",
        "hf://datasets/org/name@v1",
        "--include",
        "*.json",
        "--include=*.bin",
        "--exclude",
        "x/",
        "--cache-dir",
        "/c",
        "--offline",
        "--force-download",
        "--dry-run",
        "--max-workers",
        "3",
        "--max-rate",
        "5MB",
        "--min-free-space",
        "1G",
        "--endpoint",
        "http://localhost:8080/hub/",
        "--token",
        "hf_x");
    SyncRequest request = harness.request;
    assertEquals("datasets/org/name", request.repo().toString());
    assertEquals("v1", request.revision().name());
    assertEquals(
        new Selection(List.of(), List.of("*.json", "*.bin"), List.of("x/")), request.selection());
    assertEquals(new Place.Cache(Path.of("/c")), request.place());
    assertTrue(request.offline() && request.force() && request.dryRun());
    assertEquals(1_000_000_000, request.minFreeBytes());
    assertEquals(3, harness.settings.limits().maxConnections());
    assertEquals(5_000_000, harness.settings.limits().maxBytesPerSecond());
    assertEquals(URI.create("http://localhost:8080/hub"), harness.settings.hub().endpoint());
    assertEquals(new Token("hf_x"), harness.settings.hub().token());
  }

  @Test
  void settingsFillWhatOptionsLeaveOpen() {
    harness.environment.put("HF_HUB_CACHE", "/hub");
    harness.environment.put("HF_HUB_OFFLINE", "1");
    harness.environment.put("HF_TOKEN", "hf_env");
    harness.environment.put("HF_HUB_ETAG_TIMEOUT", "3");
    harness.environment.put("EXO_DL_MAX_RATE", "1MB");
    answering().run("sync", "org/name", "--local-dir", "/d");
    assertEquals(new Place.LocalDir(Path.of("/d"), Path.of("/hub")), harness.request.place());
    assertTrue(harness.request.offline());
    assertFalse(harness.request.force());
    assertEquals(new Token("hf_env"), harness.settings.hub().token());
    assertEquals(Duration.ofSeconds(3), harness.settings.hub().metadataTimeout());
    assertEquals(1_000_000, harness.settings.limits().maxBytesPerSecond());
    assertEquals(16, harness.settings.limits().maxConnections());
  }

  @Test
  void namedFilesPutPatternsAside() {
    answering()
        .run("sync", "hf://org/name/a.json", "b.json", "--include", "*.bin", "--progress=none");
    assertEquals(
        new Selection(List.of("a.json", "b.json"), List.of(), List.of()),
        harness.request.selection());
    assertTrue(harness.console.stderr().startsWith("warning: --include and --exclude are ignored"));
  }

  @Test
  void everyKindOfFailureIsOneLineAndItsExitCode() throws Exception {
    StringBuilder text = new StringBuilder();
    for (Failure failure :
        List.of(
            new Failure.Internal("the plan has a hole", "model.safetensors", "report it"),
            new Failure.Usage("bad value", "--x", "change it"),
            new Failure.Auth(
                "org/name is gated", "https://huggingface.co/org/name", "ask for access there"),
            new Failure.NotFound("no revision v9", "org/name", "see its branches and tags"),
            new Failure.Network("no answer in 10 s", "huggingface.co", "run it again to go on"),
            new Failure.Integrity("wrong sha256", "model.safetensors", "run it again"),
            new Failure.Storage("disk full", "/data", "free space and run it again"),
            new Failure.Partial("2 of 9 files are not here", "/data", "run without --offline"))) {
      for (String json : new String[] {"-q", "--json"}) {
        Harness one = new Harness();
        one.sync =
            s -> {
              throw new FailureException(failure);
            };
        text.append(one.transcript("sync", "org/name", json));
      }
    }
    Golden.check("failures.txt", text.toString());
  }

  @Test
  void aBugIsOneLineAndItsTraceOnRequest() {
    harness.sync =
        s -> {
          throw new IllegalStateException("no such\nthing");
        };
    assertEquals(1, harness.run("sync", "org/name"));
    assertTrue(
        harness
            .console
            .stderr()
            .matches(
                "exo-dl: unexpected IllegalStateException: no such \\(SyncCommandTest:[0-9]+\\);"
                    + " run it again with -vv .*\n"),
        harness.console.stderr());
    harness.run("sync", "org/name", "-vv");
    assertTrue(harness.console.stderr().contains("\tat dev.exodl.cli."));
  }

  @Test
  void whichShareWasDealtIsSaid() {
    harness.sync =
        s -> {
          s.listener().on(new SyncEvent.Dealt(SHARE));
          return result(s.request(), WEIGHTS);
        };
    harness.run("sync", "org/name");
    assertTrue(
        harness.console.stderr().startsWith("share 2 of 4 of the layers (split memory)\n"),
        harness.console.stderr());
  }

  @Test
  void progressAsJsonIsAPromise() throws Exception {
    harness.sync =
        s -> {
          s.listener()
              .on(new SyncEvent.Resolved(s.request().repo(), s.request().revision(), COMMIT));
          s.listener().on(new SyncEvent.Dealt(SHARE));
          s.listener().on(new SyncEvent.Planned(9, 2, 4_976_699_872L, 1, 4_976_698_672L));
          s.listener()
              .on(new SyncEvent.Retrying("model.safetensors", "reset", 2, Duration.ofMillis(1500)));
          s.listener().on(new SyncEvent.Throttled("429", Duration.ofSeconds(30)));
          s.listener().on(new SyncEvent.WaitingForLock(WEIGHTS, "pid 7", Duration.ofSeconds(3)));
          s.listener().on(new SyncEvent.Repairing(WEIGHTS, "wrong sha256"));
          s.listener().on(new SyncEvent.FilePlaced(WEIGHTS));
          s.listener().on(new SyncEvent.Warning("careful"));
          s.listener().on(new SyncEvent.Detail("GET /x"));
          return result(s.request(), WEIGHTS);
        };
    harness.run("sync", "org/name", "--progress=json", "--json", "-v");
    Golden.check("progress.jsonl", harness.console.stderr());
  }
}
