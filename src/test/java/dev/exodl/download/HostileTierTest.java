package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.VerifyResult.Verdict;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.store.CacheScan;
import dev.exodl.store.Caches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Caches that are only read, in which somebody put what no client of the hub would. */
class HostileTierTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo repo(String id) {
    HubRepo repo = stage.hub().model(id);
    repo.git("config.json", "{}").lfs("model.bin", RepoContent.random(1, 3L * MIB)).commit("first");
    return repo;
  }

  private Path tier() {
    return stage.folder().resolve("tier");
  }

  private Caches caches() {
    return new Caches(stage.cache(), List.of(tier()), Optional.empty());
  }

  private VerifyResult verify() {
    return new Verify(
            new SyncSettings(stage.settings, stage.limits, false), e -> {}, new ProgressBoard())
        .run(new VerifyRequest.WholeCache(caches()));
  }

  private static void pipe(Path at) throws Exception {
    Files.deleteIfExists(at);
    assertEquals(0, new ProcessBuilder("mkfifo", at.toString()).inheritIO().start().waitFor());
  }

  private List<String> wrong(VerifyResult result) {
    return result.files().stream()
        .filter(f -> f.verdict() instanceof Verdict.Wrong)
        .map(VerifyResult.Checked::name)
        .toList();
  }

  @Test
  void aPipeInThePlaceOfABlobKeepsNobodyWaiting() throws Exception {
    HubRepo repo = repo("org/model");
    stage.sync(stage.asking(repo).cache(tier()).request());
    pipe(tier().resolve("models--org--model/blobs").resolve(repo.blob("model.bin").etag()));
    assertEquals(List.of("model.bin"), wrong(assertTimeoutPreemptively(SOON, this::verify)));
    SyncResult result =
        assertTimeoutPreemptively(
            SOON, () -> stage.sync(stage.asking(repo).caches(caches()).request()));
    SyncStage.assertWhole(repo, result.path());
  }

  @Test
  void aPipeInThePlaceOfAFileOfASnapshotToo() throws Exception {
    HubRepo repo = repo("org/model");
    Path snapshot = stage.sync(stage.asking(repo).cache(tier()).request()).path();
    pipe(snapshot.resolve("model.bin"));
    assertEquals(List.of("model.bin"), wrong(assertTimeoutPreemptively(SOON, this::verify)));
  }

  @Test
  void anUnfinishedDownloadThatIsNoneIsNotUsed() throws Exception {
    HubRepo repo = repo("org/model");
    Path blobs = Files.createDirectories(tier().resolve("models--org--model/blobs"));
    Path prefix = blobs.resolve(repo.blob("model.bin").etag() + ".incomplete");
    Path secret = Files.write(stage.folder().resolve("secret"), new byte[2 * MIB]);
    pipe(prefix);
    assertWholeFrom(repo);
    Files.delete(prefix);
    Files.createSymbolicLink(prefix, secret);
    assertWholeFrom(repo);
    Files.delete(prefix);
    Files.write(prefix, new byte[4 * MIB]);
    assertWholeFrom(repo);
    Files.delete(prefix);
    Files.createDirectory(prefix);
    assertWholeFrom(repo);
  }

  private void assertWholeFrom(HubRepo repo) throws IOException {
    Map<String, String> before = SyncStage.tree(tier());
    SyncResult result =
        assertTimeoutPreemptively(
            SOON, () -> stage.sync(stage.asking(repo).caches(caches()).request()));
    SyncStage.assertWhole(repo, result.path());
    assertEquals(before, SyncStage.tree(tier()));
    SyncStage.delete(stage.cache());
  }

  @Test
  void aRepoThatCannotBeReadHidesNoOther() throws Exception {
    HubRepo repo = repo("org/model");
    stage.sync(repo);
    stage.sync(stage.asking(repo).cache(tier()).request());
    Path broken = Files.createDirectories(tier().resolve("models--org--broken"));
    Files.writeString(broken.resolve("blobs"), "no folder");
    assertEquals(1, CacheScan.scan(tier()).repos().size());
    assertTrue(CacheScan.scan(tier()).warnings().getFirst().contains("models--org--broken"));
    assertEquals(4, verify().count(Verdict.Right.class));
    HubRepo other = stage.hub().model("org/broken");
    CacheSeeds seeds = new CacheSeeds(caches(), false);
    assertEquals(false, seeds.has(stage.asking(other).request().repo()));
    assertEquals(1, seeds.stock().snapshots());
  }

  @Test
  void aTierThatIsNoFolderHidesNoOther() throws Exception {
    HubRepo repo = repo("org/model");
    stage.sync(repo);
    Files.writeString(tier(), "a file");
    assertEquals(2, verify().count(Verdict.Right.class));
  }
}
