package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.SyncEvent;
import dev.exodl.download.SyncListener;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.ExitCode;
import dev.exodl.store.CacheInvariants;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preloading with real syncs. */
class PreloadTest {
  private static final List<String> MODELS = List.of("org/a", "org/b", "org/c");

  @TempDir Path root;

  private final HubEmulator hub = HubEmulator.start();
  private Path list;
  private Path cache;

  @BeforeEach
  void models() throws IOException {
    root = root.toRealPath();
    list = root.resolve("models.yaml");
    cache = root.resolve("cache");
    for (String id : MODELS) {
      fill(hub.model(id), 1);
    }
    Files.writeString(list, "models: [org/a, org/b, org/c]");
  }

  private static void fill(HubRepo repo, int seed) {
    // No two models have the same content: it would be fetched once.
    int own = repo.id().hashCode() * 100 + seed * 10;
    for (int i = 0; i < 4; i++) {
      repo.lfs("part-" + i + ".bin", RepoContent.random(own + i, 1 << 20));
    }
    repo.git("config.json", "{\"v\": " + seed + "}").commit("commit " + seed);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Harness harness() {
    Harness harness = new Harness();
    harness.environment.put("HF_ENDPOINT", hub.url().toString());
    harness.environment.put("HF_HUB_CACHE", cache.toString());
    harness.jobs = new RealJobs();
    return harness;
  }

  private int run(String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "preload";
    all[1] = list.toString();
    all[2] = "-q";
    System.arraycopy(more, 0, all, 3, more.length);
    return harness().run(all);
  }

  /** A signal comes when so many files were placed; what the process then ends with. */
  private List<Integer> interrupted(int after) {
    Harness harness = harness();
    harness.environment.put("EXO_DL_MAX_RATE", "3MB");
    List<Integer> ended = new CopyOnWriteArrayList<>();
    harness.stopper = new Stopper(code -> {}, ended::add);
    AtomicInteger placed = new AtomicInteger();
    Jobs real = harness.jobs;
    harness.jobs =
        (Jobs)
            Proxy.newProxyInstance(
                Jobs.class.getClassLoader(),
                new Class<?>[] {Jobs.class},
                (proxy, method, args) -> {
                  for (int i = 0; i < args.length; i++) {
                    if (args[i] instanceof SyncListener listener) {
                      SyncListener counting =
                          event -> {
                            listener.on(event);
                            if (event instanceof SyncEvent.FilePlaced
                                && placed.incrementAndGet() == after) {
                              Thread.ofPlatform()
                                  .start(() -> harness.stopper.signalled(ExitCode.INTERRUPTED));
                            }
                          };
                      args[i] = counting;
                    }
                  }
                  return method.invoke(real, args);
                });
    harness.run("preload", list.toString(), "-q");
    assertTrue(harness.console.stderr().contains("interrupted; "), harness.console.stderr());
    return ended;
  }

  @Test
  void interruptedTwiceItEndsRight() throws IOException {
    assertEquals(List.of(130), interrupted(2));
    CacheInvariants.check(cache);
    assertEquals(List.of(130), interrupted(4));
    CacheInvariants.check(cache);
    assertEquals(0, run());
    CacheInvariants.checkFinished(cache);
    for (String id : MODELS) {
      assertEquals(0, harness().run("verify", id, "--offline", "-q"));
      assertEquals(0, harness().run("sync", id, "--offline", "-q"));
    }
    assertEquals(0, run("--offline"));
  }

  @Test
  void theLockHoldsWhereTheHubHasMoved() throws IOException {
    String before = hub.model("org/b").head().sha();
    assertEquals(0, run("--lock"));
    assertTrue(!Files.exists(cache), "a lock fetches nothing");
    fill(hub.model("org/b"), 2);
    assertEquals(0, run("--locked"));
    Path repo = cache.resolve("models--org--b");
    assertEquals(before, Files.readString(repo.resolve("refs/main")));
    assertEquals(
        "{\"v\": 1}", Files.readString(repo.resolve("snapshots/" + before + "/config.json")));
    assertEquals(0, harness().run("sync", "org/b", "--offline", "-q"));
    assertEquals(0, run("--lock"));
    assertEquals(0, run("--locked"));
    assertEquals(hub.model("org/b").head().sha(), Files.readString(repo.resolve("refs/main")));
  }

  @Test
  void oneThatIsNotThereIsPartial() throws IOException {
    Files.writeString(list, "models: [org/a, org/none, org/c]");
    assertEquals(16, run());
    assertEquals(0, harness().run("sync", "org/c", "--offline", "-q"));
  }

  @Test
  void oneModelInThreeLayoutsIsFetchedOnce() throws IOException {
    Files.writeString(
        list,
        """
        models:
          - org/a
          - {repo: org/a, layout: exo, local-dir: exo}
          - {repo: org/a, layout: dir, local-dir: plain}
        """);
    assertEquals(0, run("--lock"));
    fill(hub.model("org/a"), 7);
    hub.log().clear();
    assertEquals(0, run("--locked"));
    assertEquals(4 * (1 << 20) + 8, hub.log().fileBytesServed());
    for (String folder : List.of("exo/org--a", "plain")) {
      assertEquals("{\"v\": 1}", Files.readString(root.resolve(folder).resolve("config.json")));
      assertTrue(Files.isRegularFile(root.resolve(folder).resolve("part-3.bin")), folder);
    }
  }
}
