package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterKey;
import dev.exodl.download.ServeRequest;
import dev.exodl.model.ExitCode;
import dev.exodl.swarm.Linger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
  @TempDir Path temp;

  private final Harness harness = new Harness();

  @Test
  void itSaysWhenItIsReadyAndWhomItRefused() throws IOException {
    Golden.check(
        "serve.txt", harness.transcript("serve", "--cluster=lab", "--cache-dir", "/data/hub"));
  }

  @Test
  void optionsAndSettingsBecomeTheNode() {
    harness.environment.put("EXO_DL_ZONE", "rack-1");
    harness.environment.put("EXO_DL_MAX_LAN_RATE", "1GB");
    harness.environment.put("HF_HUB_CACHE", "/hub");
    harness.run("serve", "--max-lan-rate", "5MB", "--cluster-max-rate", "2MB", "--offline", "-q");
    assertEquals(new ServeRequest(Path.of("/hub"), true), harness.served);
    assertEquals("exo-dl", harness.node.cluster().name());
    assertEquals("rack-1", harness.node.zone());
    assertEquals(5_000_000, harness.node.maxLanRate());
    assertEquals(2_000_000, harness.node.maxClusterRate());
    assertEquals(new Linger.Forever(), harness.node.linger());
    assertEquals("", harness.console.stderr());
    assertFalse(harness.settings.noLinks());
  }

  @Test
  void itEncryptsWithAKeyOnly() {
    assertEquals(2, harness.run("serve", "--encrypt"));
    assertTrue(harness.console.stderr().contains("but there is none (--encrypt)"));
    Path key = temp.resolve("cluster.key");
    ClusterKey.generate(key);
    harness.run("serve", "--encrypt", "--cluster-key", key.toString());
    assertTrue(harness.node.encrypt());
  }

  /** As TERM does it: another thread, while the node serves. */
  @Test
  void aSignalIsItsNormalEnd() {
    List<Integer> ended = new ArrayList<>();
    harness.stopper = new Stopper(code -> {}, ended::add);
    harness.whileServing = () -> harness.stopper.signalled(ExitCode.TERMINATED);
    harness.run("serve", "--json");
    assertEquals(List.of(0), ended);
    assertEquals("{\"v\":1,\"ok\":true,\"exitCode\":0}\n", harness.console.stdout());
  }

  @Test
  void otherWorkEndsWithTheSignalsCode() {
    List<Integer> ended = new ArrayList<>();
    List<ExitCode> told = new ArrayList<>();
    Stopper stopper = new Stopper(code -> {}, ended::add);
    try (Stopper.Running _ = stopper.running(told::add)) {
      stopper.signalled(ExitCode.INTERRUPTED);
      stopper.signalled(ExitCode.TERMINATED);
    }
    assertEquals(ExitCode.INTERRUPTED, told.getFirst());
    assertEquals(130, ended.getFirst());
    assertTrue(ended.contains(143), "the second one ends at once");
  }
}
