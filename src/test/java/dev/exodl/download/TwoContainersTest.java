package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two containers of one host that share a cache: each has its own processes, and sees the cache at
 * another path. Where no namespaces can be made they are two processes, which is told.
 */
class TwoContainersTest {
  @RegisterExtension final SyncStage stage = new SyncStage();

  private Process container(HubRepo repo, String name, boolean unshare) throws Exception {
    List<String> command = new ArrayList<>();
    Path cache = stage.cache();
    if (unshare) {
      cache = Files.createDirectory(stage.folder().resolve(name));
      command.addAll(
          Namespaces.in("sh", "-c", "mount --bind \"$0\" \"$1\" && shift && exec \"$@\""));
      command.addAll(List.of(stage.cache().toString(), cache.toString()));
    }
    command.addAll(Namespaces.java(SyncMain.class, stage.hub().url(), repo.id(), cache.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static long fetched(Process container) throws Exception {
    String out = new String(container.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, container.waitFor(), out);
    return Long.parseLong(out.strip());
  }

  @Test
  void thatStartTogetherFetchOnce() throws Exception {
    HubRepo repo = stage.hub().model("org/model");
    for (int i = 1; i <= 4; i++) {
      repo.lfs("model-" + i + ".bin", RepoContent.random(i, 16L * MIB));
    }
    repo.commit("first");
    repo.head().files().values().forEach(b -> b.etag());
    stage.hub().settings().totalRate(16 * MIB);
    Files.createDirectories(stage.cache());
    boolean unshare = Namespaces.work();
    if (!unshare) {
      System.out.println("no namespaces can be made here: two processes stand for two containers");
    }
    Process one = container(repo, "one", unshare);
    Process other = container(repo, "other", unshare);
    assertEquals(repo.totalSize(), fetched(one) + fetched(other));
    SyncStage.assertWhole(
        repo, stage.inCache(repo).resolve("snapshots").resolve(repo.head().sha()));
  }
}
