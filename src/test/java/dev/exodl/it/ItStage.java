package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Blob;
import dev.exodl.emulator.EmulatorOptions;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.Where;
import dev.exodl.store.CacheInvariants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A hub and a folder for the program; the cache's invariants are checked after each test. */
final class ItStage implements BeforeEachCallback, AfterEachCallback {
  private HubEmulator hub;
  private Path folder;
  private Program program;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    // Bytes that wait in the kernel count as served though nobody has them: few, please.
    hub = HubEmulator.start(EmulatorOptions.plain().withSendBuffer(32 << 10));
    folder = Files.createTempDirectory("exo-dl-it").toRealPath();
    program = new Program(folder, hub.url());
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    hub.close();
    try {
      if (context.getExecutionException().isEmpty()) {
        CacheInvariants.check(cache());
      }
    } finally {
      deleteAll(folder);
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (var entries = Files.walk(folder)) {
      entries.sorted(Comparator.reverseOrder()).forEach(ItStage::delete);
    }
  }

  private static void delete(Path entry) {
    try {
      Files.delete(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HubEmulator hub() {
    return hub;
  }

  Path folder() {
    return folder;
  }

  Path cache() {
    return folder.resolve("cache");
  }

  Program program() {
    return program;
  }

  /** The arguments of a sync to the cache. */
  String[] sync(HubRepo repo, String... more) {
    var arguments = new java.util.ArrayList<String>();
    arguments.addAll(java.util.List.of("sync", repo.id(), "--cache-dir", cache().toString()));
    arguments.addAll(java.util.List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** Body bytes of LFS files that the hub served so far. */
  long cdnBytes() {
    return hub.log().bytesServed(r -> r.where() == Where.CDN);
  }

  /** Where Hugging Face's JavaScript library is installed, once for all tests. */
  static Path hubClient() {
    return Path.of("target/hub-client").toAbsolutePath();
  }

  /** Bytes of the repo's LFS files. */
  static long lfsSize(HubRepo repo) {
    return repo.head().files().values().stream().filter(Blob::isLfs).mapToLong(Blob::size).sum();
  }

  /** The snapshot of the repo's main. */
  Path snapshot(HubRepo repo) {
    return cache()
        .resolve("models--" + repo.id().replace("/", "--"))
        .resolve("snapshots")
        .resolve(repo.head().sha());
  }

  /** Every file of the repo's main is below the folder, with the hash that the hub lists. */
  static void assertWhole(HubRepo repo, Path at) throws IOException {
    for (Map.Entry<String, Blob> file : repo.head().files().entrySet()) {
      Path path = at.resolve(file.getKey());
      assertTrue(Files.isRegularFile(path), () -> "not there: " + path);
      assertEquals(file.getValue().size(), Files.size(path), path::toString);
      assertTrue(
          CacheInvariants.hasHash(path, file.getValue().etag()), () -> "wrong content: " + path);
    }
  }

  /** It succeeded, and said the snapshot's path on stdout and nothing else. */
  void assertWhole(HubRepo repo, Program.Ended ended) throws IOException {
    assertEquals(0, ended.code(), ended::toString);
    assertEquals(snapshot(repo) + "\n", ended.out());
    assertWhole(repo, snapshot(repo));
  }
}
