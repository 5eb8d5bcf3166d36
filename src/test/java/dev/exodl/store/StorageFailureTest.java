package dev.exodl.store;

import static dev.exodl.store.Content.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFailureTest {
  @TempDir Path temp;

  private String told(IOException error) {
    return StorageFailure.of(error, "write", temp).failure().line();
  }

  @Test
  void tellsTheCausesApart() {
    assertEquals(
        "could not write: permission denied (%s); give yourself write access, or choose another folder"
            .formatted(temp),
        told(new AccessDeniedException("x")));
    assertEquals(
        "could not write: the file system is read-only (%s); choose another folder, or mount it for writing"
            .formatted(temp),
        told(new FileSystemException("x", null, "Read-only file system")));
    assertEquals(
        "could not write: a file is where a folder is needed (%s); move that file away, then run the same command again"
            .formatted(temp),
        told(new FileSystemException("x", null, "Not a directory")));
    assertEquals(
        "could not write: it is gone; something else deleted or moved it (%s); run the same command again"
            .formatted(temp),
        told(new NoSuchFileException("x")));
    assertEquals(
        "could not write: the disk reports an input/output error (%s); check the disk (dmesg), then run the same command again"
            .formatted(temp),
        told(new IOException("Input/output error")));
    assertTrue(
        told(new IOException("Disk quota exceeded"))
            .startsWith("could not write: your quota on this file system is used up"));
    assertEquals(
        "could not write: Something\\u000aodd (%s); run the same command again".formatted(temp),
        told(new IOException("Something\nodd")));
  }

  @Test
  void aFullDiskIsToldWithWhatIsNeededAndFree() {
    String line =
        StorageFailure.of(
                new IOException("No space left on device"),
                "write",
                temp,
                61_200_000_000L,
                "run the same command again; 1.5 GB are kept")
            .failure()
            .line();
    assertTrue(
        line.matches(
            "could not write: the disk is full \\(.*\\); free space \\(61\\.2 GB more needed, [0-9.]+ .?B free\\), "
                + "then run the same command again; 1\\.5 GB are kept"),
        line);
  }

  @Test
  void bytesAreToldForPeople() {
    assertEquals("0 bytes", StorageFailure.human(0));
    assertEquals("999 bytes", StorageFailure.human(999));
    assertEquals("1.0 kB", StorageFailure.human(1000));
    assertEquals("1.0 MB", StorageFailure.human(999_999));
    assertEquals("61.2 GB", StorageFailure.human(61_234_567_890L));
  }

  /**
   * On a file system of 6 MB that is made in a namespace of its own, where the machine lets users
   * do that.
   */
  @Test
  void aFullDiskKeepsWhatCameAndGoesOnWhenThereIsRoom() throws Exception {
    Path mount = Files.createDirectory(temp.resolve("mount"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String script =
        "mount -t tmpfs -o size=6m none \"$1\" || { echo no mount; exit 9; }; exec \"$0\" -Xmx64m -cp \"$2\" \"$3\" \"$1\"";
    if (!Files.isExecutable(Path.of("/usr/bin/unshare"))) {
      System.out.println("no full disk was tested, this machine has no unshare");
      return;
    }
    Process process =
        new ProcessBuilder(
                "/usr/bin/unshare",
                "-Urm",
                "sh",
                "-c",
                script,
                java,
                mount.toString(),
                System.getProperty("java.class.path"),
                FullDisk.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    if (said.contains("unshare:") || said.contains("no mount")) {
      System.out.println("no full disk was tested, this machine has no user namespaces: " + said);
      return;
    }
    assertTrue(said.contains("the disk is full"), said);
    assertTrue(said.matches("(?s).*[45]\\.[0-9] MB are kept.*"), said);
    assertTrue(said.contains("whole at last"), said);
  }

  /**
   * Downloads 8 MiB onto a disk of 6 MB on which 2 MB are taken, frees those, and downloads the
   * rest.
   */
  static final class FullDisk {
    private FullDisk() {}

    public static void main(String[] args) throws IOException {
      Path disk = Path.of(args[0]);
      Path ballast = disk.resolve("ballast");
      Content model = Content.lfs("model.bin", 5 * MIB + 100, 1);
      CacheTarget target =
          new CacheTarget(
              disk.resolve("cache"),
              new dev.exodl.model.Repo(dev.exodl.model.RepoType.MODEL, "org/name"),
              new dev.exodl.model.Commit("1".repeat(40)),
              false);
      Files.write(ballast, new byte[1_200_000]);
      try (PartFile part = open(target, model)) {
        model.giveRest(part);
      } catch (dev.exodl.model.FailureException e) {
        System.out.println(e.getMessage());
      }
      Files.delete(ballast);
      PartFile part = open(target, model);
      if (part.have().cardinality() < 4) {
        throw new IllegalStateException("lost: " + part.have());
      }
      model.giveRest(part);
      target.place(model.file(), part);
      target.finish(dev.exodl.model.Revision.MAIN);
      CacheInvariants.checkFinished(disk.resolve("cache"));
      System.out.println("whole at last");
    }

    private static PartFile open(CacheTarget target, Content model) {
      return switch (target.openPart(model.file(), MIB, LockWaiter.PATIENT)) {
        case Opened.Part(PartFile part) -> part;
        case Opened.AlreadyThere there -> throw new IllegalStateException(there.toString());
        case Opened.Busy busy -> throw new IllegalStateException(busy.toString());
      };
    }
  }
}
