package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Blob;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.hub.Token;
import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.store.CacheInvariants;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.Opened;
import dev.exodl.store.PartFile;
import dev.exodl.store.Reuse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A hub, a cache and syncs from one to the other, new for each test. After the test it checks the
 * invariants of the cache.
 */
final class SyncStage implements BeforeEachCallback, AfterEachCallback {
  static final int MIB = 1 << 20;

  HubSettings settings;
  FetchLimits limits;
  Reuse reuse = Reuse.NONE;
  private HubEmulator hub;
  private Path folder;
  private final List<SyncEvent> events = new CopyOnWriteArrayList<>();

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    hub = HubEmulator.start();
    folder = Files.createTempDirectory("exo-dl-sync").toRealPath();
    settings = HubSettings.of(URI.create(hub.url()));
    limits = FetchLimits.DEFAULT;
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    try {
      if (context.getExecutionException().isEmpty()) {
        CacheInvariants.check(cache());
      }
    } finally {
      hub.close();
      delete(folder);
    }
  }

  HubEmulator hub() {
    return hub;
  }

  /** The folder that all of the test's files are in. */
  Path folder() {
    return folder;
  }

  Path cache() {
    return folder.resolve("cache");
  }

  /** The cache's folder of a model repo. */
  Path inCache(HubRepo repo) {
    return cache().resolve("models--" + repo.id().replace("/", "--"));
  }

  List<SyncEvent> events() {
    return events;
  }

  <T extends SyncEvent> List<T> events(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** A body without data for this long is a trouble. */
  void downloadTimeout(Duration timeout) {
    settings = settings.withTimeouts(settings.metadataTimeout(), timeout);
  }

  void token(String text) {
    settings = settings.withToken(new Token(text));
  }

  /** A sync of everything of the repo's main to the cache. */
  Asking asking(HubRepo repo) {
    return Asking.of(repo, cache());
  }

  SyncResult sync(HubRepo repo) {
    return sync(asking(repo).request());
  }

  SyncResult sync(SyncRequest request) {
    return prepare(new ProgressBoard()).run(request);
  }

  /** A sync that was not started yet. */
  Sync prepare(ProgressBoard board) {
    return new Sync(new SyncSettings(settings, limits, false, reuse), events::add, board);
  }

  Failure fails(HubRepo repo) {
    return fails(asking(repo).request());
  }

  Failure fails(SyncRequest request) {
    return assertThrows(FailureException.class, () -> sync(request)).failure();
  }

  /** Every file of the repo's main is at its place below the folder, byte for byte. */
  static void assertWhole(HubRepo repo, Path at) throws IOException {
    for (Map.Entry<String, Blob> file : repo.head().files().entrySet()) {
      Path path = at.resolve(file.getKey());
      assertTrue(Files.isRegularFile(path), () -> "not there: " + path);
      assertEquals(file.getValue().size(), Files.size(path), path::toString);
      assertTrue(
          CacheInvariants.hasHash(path, file.getValue().etag()), () -> "wrong content: " + path);
    }
  }

  /** Syncs, and sees that all is there. */
  SyncResult syncsWhole(HubRepo repo) throws IOException {
    SyncResult result = sync(repo);
    assertWhole(repo, result.path());
    CacheInvariants.checkFinished(cache());
    return result;
  }

  /** Nothing of the repo is visible in the cache: no snapshot, no ref, no blob. */
  void assertNothingVisible(HubRepo repo) throws IOException {
    for (String place : List.of("snapshots", "refs", "blobs")) {
      List<String> found =
          tree(inCache(repo).resolve(place)).entrySet().stream()
              .filter(e -> !e.getValue().startsWith("folder"))
              .map(Map.Entry::getKey)
              .toList();
      assertEquals(List.of(), found, place);
    }
  }

  /** What the hub lists of a file. */
  static RepoFile listed(HubRepo repo, String path) {
    Blob blob = repo.blob(path);
    BlobId id = blob.isLfs() ? new BlobId.Sha256(blob.etag()) : new BlobId.GitSha1(blob.etag());
    return new RepoFile(new RepoPath(path), blob.size(), id);
  }

  /** Leaves an unfinished download that holds these chunks, as a run before would have. */
  void plant(HubRepo repo, String path, int chunkSize, int... chunks) throws IOException {
    Commit commit = new Commit(repo.head().sha());
    CacheTarget target = new CacheTarget(cache(), asking(repo).request().repo(), commit, false);
    Opened opened = target.openPart(listed(repo, path), chunkSize, (owner, since) -> false);
    try (PartFile part = ((Opened.Part) opened).part()) {
      for (int index : chunks) {
        Chunk chunk = part.grid().chunk(index);
        byte[] bytes = new byte[chunk.length()];
        repo.blob(path).content().read(chunk.offset(), bytes, 0, bytes.length);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        part.write(chunk.offset(), bytes, 0, bytes.length);
        part.held(chunk, (int) crc.getValue());
      }
    }
  }

  /** As {@link #plant}, of a file of zeros: a sparse file needs no writing. */
  void plantZeros(HubRepo repo, String path, int chunkSize, IntStream chunks) {
    CRC32C crc = new CRC32C();
    crc.update(new byte[chunkSize]);
    try (PartFile part = open(repo, path, chunkSize)) {
      chunks.forEach(index -> part.held(part.grid().chunk(index), (int) crc.getValue()));
    }
  }

  private PartFile open(HubRepo repo, String path, int chunkSize) {
    Commit commit = new Commit(repo.head().sha());
    CacheTarget target = new CacheTarget(cache(), asking(repo).request().repo(), commit, false);
    Opened opened = target.openPart(listed(repo, path), chunkSize, (owner, since) -> false);
    return ((Opened.Part) opened).part();
  }

  /** Deletes the cache, so that what is in it is not checked after the test. */
  void forgetCache() throws IOException {
    delete(cache());
  }

  /**
   * Everything below a folder by its path: kind, size, time and where a link leads. Equal trees
   * mean that nothing was written.
   */
  static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return found;
    }
    try (var entries = Files.walk(root)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String what =
            Files.isSymbolicLink(entry)
                ? "link to " + Files.readSymbolicLink(entry)
                : (Files.isDirectory(entry) ? "folder" : "file of " + Files.size(entry))
                    + " at "
                    + Files.getLastModifiedTime(entry);
        found.put(root.relativize(entry).toString(), what);
      }
    }
    return found;
  }

  static void delete(Path folder) throws IOException {
    try (var entries = Files.walk(folder)) {
      entries
          .sorted(Comparator.reverseOrder())
          .forEach(
              entry -> {
                try {
                  Files.delete(entry);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
