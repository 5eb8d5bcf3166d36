package dev.exodl.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a file system with reflinks content takes no disk a second time. The test makes a btrfs in a
 * file where it may (mkfs.btrfs and mount), and says so in one line where it may not; the rest of
 * it holds on any file system.
 */
class ReflinkTest {
  private static final int SIZE = 32 << 20;

  @TempDir Path temp;
  private Path folder;
  private boolean btrfs;

  @BeforeEach
  void mount() throws Exception {
    Path image = temp.resolve("image");
    folder = Files.createDirectory(temp.resolve("disk"));
    try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(300L << 20);
    }
    btrfs =
        run("mkfs.btrfs", "-q", image.toString())
            && run("mount", "-o", "loop", image.toString(), folder.toString());
    if (!btrfs) {
      System.out.println("no btrfs can be made here: reflinks are not measured");
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (btrfs) {
      assertTrue(run("umount", folder.toString()));
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private long used() throws Exception {
    run("sync", "-f", folder.toString());
    return Files.getFileStore(folder).getTotalSpace()
        - Files.getFileStore(folder).getUnallocatedSpace();
  }

  @Test
  void takesNoDiskAndSharesNoWrites() throws Exception {
    byte[] content = new byte[SIZE];
    new Random(3).nextBytes(content);
    String hex = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    RepoFile file = new RepoFile(new RepoPath("model.bin"), SIZE, new BlobId.Sha256(hex));
    Path there = Files.createDirectory(folder.resolve("store")).resolve("model.bin");
    Files.write(there, content);
    Thread.sleep(200);
    HostCopies copies =
        new HostCopies(
            new Reuse(List.of(folder.resolve("store")), Link.AUTO, Optional.empty()),
            List.of(file),
            new HostCopies.Events() {
              @Override
              public void checking(int files, long bytes) {}

              @Override
              public void detail(String text) {}
            },
            () -> false);
    HostCopy copy = copies.find().get(file.blob());
    long before = used();
    CacheTarget target =
        new CacheTarget(
            folder.resolve("cache"),
            new Repo(RepoType.MODEL, "org/name"),
            new Commit("0123456789012345678901234567890123456789"),
            false);
    Brought brought = target.bring(file, copy, Link.AUTO, 0, n -> {});
    Link how = assertInstanceOf(Brought.Done.class, brought).how();
    assertTrue(how == Link.REFLINK || (how == Link.COPY && !btrfs), how::toString);
    long more = used() - before;
    assertFalse(btrfs && more > SIZE / 8, () -> more + " bytes more are used");
    // Who changes his own file later does not change ours.
    Files.write(there, new byte[SIZE]);
    assertArrayEquals(content, Files.readAllBytes(target.visible(file)));
  }
}
