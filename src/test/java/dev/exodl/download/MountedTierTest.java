package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A shared store that is bound into a container read-only, and goes away while it is used. Needs
 * mount namespaces; where none can be made that is told, and what can be shown without them is in
 * {@link TiersTest}.
 */
class MountedTierTest {
  /** Binds the first folder at the second, for reading only, and then runs the rest. */
  private static final String MOUNT =
      "mount --bind \"$0\" \"$1\" && mount -o remount,ro,bind \"$1\" && ! touch \"$1/x\" 2>/dev/null"
          + " && shift && exec \"$@\"";

  @RegisterExtension final SyncStage stage = new SyncStage();
  private Path store;
  private Path mount;
  private HubRepo repo;

  @BeforeEach
  void model() throws Exception {
    boolean work = Namespaces.work();
    if (!work) {
      System.out.println("no namespaces can be made here: read-only mounts are not tried");
    }
    assumeTrue(work, "no namespaces can be made here");
    store = Files.createDirectories(stage.folder().resolve("store"));
    mount = Files.createDirectory(stage.folder().resolve("mount"));
    Files.createDirectories(stage.cache());
    repo = stage.hub().model("org/model").git("config.json", "{}");
    for (int i = 1; i <= 3; i++) {
      repo.lfs("model-" + i + ".bin", RepoContent.random(i, 3L * MIB));
    }
    repo.commit("first");
  }

  private void fill(String... files) {
    stage.sync(stage.asking(repo).cache(store).files(files).request());
    stage.hub().log().clear();
  }

  /** What the sync in the container says. */
  private String sync(String unmountAt, Path... caches) throws Exception {
    List<String> command =
        new ArrayList<>(Namespaces.in("sh", "-c", MOUNT, store.toString(), mount.toString()));
    command.addAll(
        Namespaces.java(TierMain.class, stage.hub().url(), repo.id(), unmountAt, mount.toString()));
    List.of(caches).forEach(c -> command.add(c.toString()));
    Process container =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(container.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, container.waitFor(), out);
    return out.strip();
  }

  private Path snapshot(Path cache) {
    return cache.resolve("models--org--model").resolve("snapshots").resolve(repo.head().sha());
  }

  @Test
  void servesWhatItHasAndTheRestGoesToTheFirstThatCanBeWritten() throws Exception {
    fill("config.json", "model-1.bin", "model-2.bin");
    Map<String, String> before = SyncStage.tree(store);
    // By its permissions it could be written to.
    assertEquals(3L * MIB + " " + snapshot(stage.cache()), sync("none", mount, stage.cache()));
    assertEquals(3L * MIB, stage.hub().log().fileBytesServed());
    SyncStage.assertWhole(repo, snapshot(stage.cache()));
    assertEquals(before, SyncStage.tree(store));
  }

  @Test
  void aSnapshotThatIsWholeThereIsUsedThere() throws Exception {
    fill();
    assertEquals("0 " + snapshot(mount), sync("none", mount, stage.cache()));
    assertEquals(0, stage.hub().log().fileBytesServed());
    assertEquals(Map.of("", SyncStage.tree(stage.cache()).get("")), SyncStage.tree(stage.cache()));
  }

  @Test
  void itIsEnoughAloneWhenItHasAllAndElseThatIsTold() throws Exception {
    fill("model-1.bin");
    assertEquals(
        "14 none of the caches can be written to ("
            + mount
            + " is on a file system that is read-only); add a folder that can be to --cache-path"
            + " (or EXO_DL_CACHE_PATH)",
        sync("none", mount));
    fill();
    assertEquals("0 " + snapshot(mount), sync("none", mount));
  }

  @Test
  void thatIsUnmountedAtAnyMomentIsSurvived() throws Exception {
    fill("model-1.bin", "model-2.bin");
    for (String moment : List.of("Resolved", "Checking", "Reused", "Planned")) {
      stage.forgetCache();
      Files.createDirectories(stage.cache());
      stage.hub().log().clear();
      String said = sync(moment, mount, stage.cache());
      SyncStage.assertWhole(repo, snapshot(stage.cache()));
      long fetched = stage.hub().log().fileBytesServed();
      assertEquals(fetched + " " + snapshot(stage.cache()), said);
      long reused =
          switch (moment) {
            case "Resolved", "Checking" -> 0;
            case "Reused" -> 1;
            default -> 2;
          };
      assertEquals(repo.totalSize() - reused * 3 * MIB, fetched, moment);
    }
  }

  @Test
  void thatIsUnmountedWhileItsWholeSnapshotIsReadIsSurvived() throws Exception {
    fill();
    String said = sync("Checking", mount, stage.cache());
    assertEquals(repo.totalSize() + " " + snapshot(stage.cache()), said);
    SyncStage.assertWhole(repo, snapshot(stage.cache()));
  }
}
