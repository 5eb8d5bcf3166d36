package dev.exodl.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not what it was when it was digested is not believed. */
class HostCopiesTest {
  @TempDir Path temp;
  private final byte[] content = new byte[2 << 20];
  private RepoFile file;
  private Path there;
  private Runnable whileChecking = () -> {};

  private interface Writing {
    void write() throws IOException;
  }

  private static void quietly(Writing writing) {
    try {
      writing.write();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void store() throws Exception {
    new Random(1).nextBytes(content);
    String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    file = new RepoFile(new RepoPath("model.bin"), content.length, new BlobId.Sha256(hex));
    there = Files.createDirectories(temp.resolve("store")).resolve("sha256-" + hex);
    Files.write(there, content);
  }

  private HostCopies copies() {
    return new HostCopies(
        new Reuse(List.of(temp.resolve("store")), Link.AUTO, Optional.empty()),
        List.of(file),
        new HostCopies.Events() {
          @Override
          public void checking(int files, long bytes) {}

          @Override
          public void detail(String text) {
            if (text.startsWith("checking")) {
              whileChecking.run();
            }
          }
        },
        () -> Thread.currentThread().isInterrupted());
  }

  private CacheTarget target() {
    return new CacheTarget(
        temp.resolve("cache"),
        new Repo(RepoType.MODEL, "org/name"),
        new Commit("0123456789012345678901234567890123456789"),
        false);
  }

  @Test
  void isFoundAndToldToBeNamedByItsHash() {
    Map<BlobId, HostCopy> found = copies().find();
    assertEquals(there, found.get(file.blob()).path());
    assertTrue(found.get(file.blob()).named());
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNotBelieved() {
    // Even to the same content.
    whileChecking = () -> quietly(() -> Files.write(there, content));
    assertEquals(Map.of(), copies().find());
  }

  @ParameterizedTest
  @EnumSource(Link.class)
  void aFileThatChangesBeforeItIsBroughtInIsNotBelieved(Link link) throws Exception {
    Thread.sleep(200);
    HostCopy copy = copies().find().get(file.blob());
    content[0] ^= 1;
    Files.write(there, content);
    CacheTarget target = target();
    assertInstanceOf(Brought.Not.class, target.bring(file, copy, link, 0, n -> {}));
    assertInstanceOf(Presence.Missing.class, target.presence(file));
    Path repo = temp.resolve("cache").resolve("models--org--name");
    try (var left = Files.list(repo.resolve(".exo-dl"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @ParameterizedTest
  @EnumSource(Link.class)
  void aFileThatIsGoneByThenIsFetched(Link link) throws Exception {
    Thread.sleep(200);
    HostCopy copy = copies().find().get(file.blob());
    Files.delete(there);
    assertInstanceOf(Brought.Not.class, target().bring(file, copy, link, 0, n -> {}));
  }

  @Test
  void aCopyForWhichThereIsNoRoomIsNotMade() {
    HostCopy copy = copies().find().get(file.blob());
    Brought brought = target().bring(file, copy, Link.COPY, Long.MAX_VALUE / 2, n -> {});
    assertEquals(new Brought.Not("there is no room for a copy"), brought);
  }

  @Test
  void afterAHardLinkItIsStillRemembered() throws Exception {
    Path memory = temp.resolve("memory");
    Reuse reuse = new Reuse(List.of(temp.resolve("store")), Link.HARD, Optional.of(memory));
    int[] checked = new int[1];
    HostCopies.Events events =
        new HostCopies.Events() {
          @Override
          public void checking(int files, long bytes) {
            checked[0]++;
          }

          @Override
          public void detail(String text) {}
        };
    for (int run = 0; run < 2; run++) {
      Thread.sleep(200);
      HostCopies copies = new HostCopies(reuse, List.of(file), events, () -> false);
      HostCopy copy = copies.find().get(file.blob());
      assertEquals(new Brought.Done(Link.HARD), target().bring(file, copy, Link.HARD, 0, n -> {}));
      copies.brought(copy, file.blob(), Link.HARD);
      copies.remember();
    }
    assertEquals(1, checked[0]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%s-partial", "%s.incomplete", "model.bin.partial", "x.downloadInProgress"})
  void whatIsNamedAsUnfinishedIsNotUsed(String name) throws Exception {
    String named = name.formatted(there.getFileName());
    Files.move(there, there.resolveSibling(named));
    assertEquals(Map.of(), copies().find());
  }

  @Test
  void aStopEndsTheReading() {
    HostCopies stopped =
        new HostCopies(
            new Reuse(List.of(temp.resolve("store")), Link.AUTO, Optional.empty()),
            List.of(file),
            new HostCopies.Events() {
              @Override
              public void checking(int files, long bytes) {}

              @Override
              public void detail(String text) {}
            },
            () -> true);
    assertThrows(CancellationException.class, stopped::find);
  }

  @Test
  void foldersThatAreNotThereOrLeadInCirclesDoNoHarm() throws Exception {
    Path store = temp.resolve("store");
    Files.createSymbolicLink(store.resolve("circle"), store);
    Files.createSymbolicLink(store.resolve("nowhere"), temp.resolve("gone"));
    new ProcessBuilder("mkfifo", store.resolve("fifo").toString()).start().waitFor();
    assertEquals(1, copies().find().size());
  }
}
