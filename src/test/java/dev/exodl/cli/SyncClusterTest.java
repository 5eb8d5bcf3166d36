package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterKey;
import dev.exodl.cluster.Discovery;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sync} as a node of a cluster: options, settings, what is said. */
class SyncClusterTest {
  private static final RepoFile WEIGHTS =
      new RepoFile(new RepoPath("model.safetensors"), 4_000_000_000L, BlobId.of("b".repeat(64)));

  @TempDir Path temp;

  private final Harness harness = new Harness();

  private NodeSettings node(String... args) {
    harness.sync = s -> result(s.request());
    assertEquals(0, harness.run(args), harness.console.stderr());
    return harness.cluster.orElseThrow();
  }

  private static SyncResult result(SyncRequest request) {
    return new SyncResult(
        request.repo(),
        request.revision(),
        new Commit("0123456789abcdef0123456789abcdef01234567"),
        Path.of("/hub/models--org--name/snapshots/0123456789abcdef0123456789abcdef01234567"),
        List.of(WEIGHTS),
        List.of(WEIGHTS),
        4_000_000_000L,
        3_000_000_000L,
        0,
        7,
        request.dryRun(),
        request.offline(),
        Duration.ofSeconds(10),
        List.of(),
        Optional.empty());
  }

  @Test
  void withoutItThereIsNoCluster() {
    harness.environment.put("EXO_DL_PEERS", "a");
    harness.environment.put("EXO_DL_CLUSTER_KEY_FILE", "/no/such.key");
    harness.sync = s -> result(s.request());
    assertEquals(0, harness.run("sync", "org/name"));
    assertEquals(Optional.empty(), harness.cluster);
  }

  @Test
  void aNameThatWasTakenForSomethingElseIsExplained() {
    harness.sync =
        s -> {
          throw new FailureException(new Failure.NotFound("no such thing", "hub", "check it"));
        };
    for (List<String> line :
        List.of(List.of("--cluster", "lab", "org/name"), List.of("org/name", "--cluster", "lab"))) {
      List<String> words = new ArrayList<>(List.of("sync"));
      words.addAll(line);
      assertEquals(11, harness.run(words.toArray(String[]::new)));
      assertTrue(harness.console.stderr().endsWith("after '=': --cluster=lab\n"));
    }
    harness.run("sync", "--cluster", "org/name");
    assertTrue(harness.console.stderr().endsWith("check it\n"), harness.console.stderr());
  }

  @Test
  void theNameNeverSwallowsTheRepo() {
    assertEquals("exo-dl", node("sync", "--cluster", "org/name").cluster().name());
    assertEquals("org/name", harness.request.repo().id());
    assertEquals("lab", node("sync", "--cluster=lab", "org/name").cluster().name());
    assertEquals("exo-dl", node("sync", "org/name", "--cluster").cluster().name());
    assertEquals("exo-dl", node("sync", "org/name", "--cluster", "-q").cluster().name());
  }

  @Test
  void defaultsAreThese() {
    NodeSettings node = node("sync", "org/name", "--cluster");
    assertEquals(Discovery.multicast(node.cluster().bind().address()), node.cluster().discovery());
    assertEquals(0, node.cluster().bind().port());
    assertFalse(node.encrypt());
    assertEquals("", node.zone());
    assertEquals(Strategy.SWARM, node.strategy());
    assertEquals(0, node.maxLanRate() + node.maxClusterRate());
    assertEquals(1, node.waitFor());
    assertEquals(Duration.ofSeconds(30), node.patience());
    assertEquals(new Linger.UntilComplete(Duration.ofSeconds(3)), node.linger());
  }

  @Test
  void theGroupFitsTheAddress() {
    NodeSettings six = node("sync", "org/name", "--cluster", "--bind", "::1");
    assertEquals("multicast [ff18:0:0:0:0:0:0:4e14]:7820", six.cluster().discovery().toString());
    String[] other = {
      "sync", "org/name", "--cluster", "--bind", "::1", "--discovery", "multicast:239.1.2.3"
    };
    assertEquals(2, harness.run(other));
    String told = harness.console.stderr();
    assertTrue(told.contains("239.1.2.3") && told.contains("0:0:0:0:0:0:0:1"), told);
  }

  /** The shell leaves what stands behind a colon as it is. */
  @Test
  void homeAndVariablesAreExpandedInAFoldersName() {
    harness.environment.put("SHARED", "/nfs");
    for (String way : List.of("file:~/nodes", "file:$HOME/nodes")) {
      assertEquals(new Discovery.Folder(Path.of("/home/me/nodes")), discovery(way));
    }
    assertEquals(new Discovery.Folder(Path.of("/nfs/nodes")), discovery("file:${SHARED}/nodes"));
    harness.environment.put("EXO_DL_DISCOVERY", "file:~/nodes");
    assertEquals(
        new Discovery.Folder(Path.of("/home/me/nodes")),
        node("sync", "org/name", "--cluster").cluster().discovery());
  }

  private Discovery discovery(String way) {
    return node("sync", "org/name", "--cluster", "--discovery", way).cluster().discovery();
  }

  @Test
  void optionsGoBeforeSettings() {
    Path key = temp.resolve("cluster.key");
    ClusterKey.generate(key);
    harness.environment.put("EXO_DL_CLUSTER_KEY_FILE", key.toString());
    harness.environment.put("EXO_DL_PEERS", "a");
    harness.environment.put("EXO_DL_ZONE", "z1");
    harness.environment.put("EXO_DL_STRATEGY", "leader");
    harness.environment.put("EXO_DL_MAX_LAN_RATE", "1GB");
    harness.environment.put("EXO_DL_CLUSTER_MAX_RATE", "100MB");
    harness.environment.put("EXO_DL_WAIT_FOR", "4");
    harness.environment.put("EXO_DL_WAIT", "2m");
    harness.environment.put("EXO_DL_LINGER", "never");
    NodeSettings set = node("sync", "org/name", "--cluster");
    assertEquals(ClusterKey.load(key).toString(), String.valueOf(set.cluster().key()));
    assertEquals(
        "a z1 LEADER 1000000000 100000000 4 PT2M Never[]",
        set.cluster().discovery().toString().replace("peers ", "") + " " + rest(set));
    NodeSettings given =
        node(
            "sync",
            "org/name",
            "--cluster",
            "--discovery",
            "file:" + temp,
            "--bind",
            "127.0.0.1:7825",
            "--zone",
            "z2",
            "--strategy",
            "independent",
            "--max-lan-rate",
            "5MB",
            "--cluster-max-rate",
            "1MB",
            "--wait-for",
            "2",
            "--wait",
            "5",
            "--linger",
            "forever");
    assertEquals(new Discovery.Folder(temp), given.cluster().discovery());
    assertEquals(7825, given.cluster().bind().port());
    assertEquals("z2 INDEPENDENT 5000000 1000000 2 PT5S Forever[]", rest(given));
  }

  @Test
  void chunksAreEncryptedWithAKeyOnly() {
    Path key = temp.resolve("cluster.key");
    ClusterKey.generate(key);
    assertTrue(
        node("sync", "org/name", "--cluster", "--cluster-key", key.toString(), "--encrypt")
            .encrypt());
    harness.environment.put("EXO_DL_ENCRYPT", "true");
    assertTrue(node("sync", "org/name", "--cluster", "--cluster-key", key.toString()).encrypt());
    assertEquals(2, harness.run("sync", "org/name", "--cluster"));
    assertTrue(
        harness.console.stderr().contains("(EXO_DL_ENCRYPT); add --cluster-key"),
        harness.console.stderr());
  }

  /** It says how to be in a cluster, and there is none. */
  @Test
  void asASettingItSaysNothingOfASyncAlone() {
    harness.environment.put("EXO_DL_ENCRYPT", "true");
    harness.sync = s -> result(s.request());
    assertEquals(0, harness.run("sync", "org/name"), harness.console.stderr());
    assertEquals(Optional.empty(), harness.cluster);
  }

  private static String rest(NodeSettings node) {
    return String.join(
        " ",
        node.zone(),
        node.strategy().toString(),
        Long.toString(node.maxLanRate()),
        Long.toString(node.maxClusterRate()),
        Integer.toString(node.waitFor()),
        node.patience().toString(),
        node.linger().toString());
  }

  /** No hub then, but the nodes: what the runtime makes of both is tested there. */
  @Test
  void offlineAndClusterGoTogether() {
    node("sync", "org/name", "--cluster", "--offline");
    assertTrue(harness.request.offline());
  }

  @Test
  void whatCameFromOthersIsTold() throws IOException {
    harness.sync = s -> result(s.request());
    Golden.check("sync-cluster.txt", harness.transcript("sync", "org/name", "--cluster"));
  }

  @Test
  void whoSharesNothingDoesNotSayThatItServes() {
    harness.hasMore = false;
    node("sync", "org/name", "--cluster");
    assertFalse(harness.console.stderr().contains("serving"), harness.console.stderr());
  }

  @Test
  void quietLeavesThePathOnly() {
    node("sync", "org/name", "--cluster", "-q");
    assertEquals("", harness.console.stderr());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--bind 127.0.0.1",
        "--peers a",
        "--discovery multicast",
        "--cluster-key x",
        "--encrypt",
        "--zone z",
        "--strategy swarm",
        "--max-lan-rate 1MB",
        "--cluster-max-rate 1MB",
        "--wait-for 2",
        "--wait 5s",
        "--linger never"
      })
  void withoutAClusterItsOptionsSayNothing(String option) {
    assertEquals(2, harness.run(("sync org/name " + option).split(" ")));
    assertEquals(
        "exo-dl: "
            + option.replaceFirst(" .*", "")
            + " says how to be in a cluster, but there is no --cluster (sync); add --cluster, or"
            + " leave it out\n",
        harness.console.stderr());
  }

  @Test
  void wrongUsageIsOneClearLine() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line :
        List.of(
            "sync --cluster",
            "sync org/name --cluster=-x",
            "sync org/name --cluster --encrypt",
            "sync org/name --cluster --zone a,b",
            "sync org/name --cluster --strategy chaos",
            "sync org/name --cluster --max-lan-rate fast",
            "sync org/name --cluster --wait-for 0",
            "sync org/name --cluster --wait-for many",
            "sync org/name --cluster --wait forever",
            "sync org/name --cluster --linger long",
            "sync org/name --cluster --bind 192.0.2.1/24",
            "sync org/name --cluster --discovery file:",
            "sync org/name --cluster --cluster-key /no/such.key")) {
      Harness one = new Harness();
      text.append(one.transcript(line.split(" ")));
      assertEquals(1, one.console.stderr().lines().count(), line);
    }
    Golden.check("sync-cluster-usage.txt", text.toString());
  }
}
