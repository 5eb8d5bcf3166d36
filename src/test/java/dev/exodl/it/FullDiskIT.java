package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A disk that fills up while a model arrives, one that is full before, and one that is read-only.
 */
class FullDiskIT {
  private static final int SIZE = 128 << 20;

  @RegisterExtension final ItStage stage = new ItStage();

  @Test
  void aFullDiskEndsTheRunAndKeepsWhatIsThere() throws Exception {
    try (Program.Running mounts = stage.program().command("unshare", "-m", "mount", "--version")) {
      if (mounts.ended().code() != 0) {
        // The store's tests have a disk that says it is full; here a real one is needed.
        System.out.println(
            "FullDiskIT cannot run: this machine lets us make no mounts of our own (unshare -m)");
        Assumptions.abort("no mounts of our own");
      }
    } catch (IOException e) {
      System.out.println("FullDiskIT cannot run: there is no unshare on this machine");
      Assumptions.abort("no unshare");
    }
    HubRepo repo = stage.hub().model("org/model");
    repo.lfs("model.bin", RepoContent.random(5, SIZE)).commit("first");
    String sha256 = repo.blob("model.bin").etag();
    try (Program.Running script =
        stage
            .program()
            .command(
                "unshare",
                "-m",
                "sh",
                Path.of("src/test/resources/it/full-disk.sh").toAbsolutePath().toString(),
                stage.folder().toString(),
                Program.LAUNCHER.toString(),
                repo.id())) {
      Program.Ended ended = script.ended();
      assertEquals(0, ended.code(), ended::toString);
    }

    assertEquals("14", said("full.code"), () -> said("full.err"));
    assertEquals("", said("full.out"));
    assertTrue(said("full.err").contains("the disk is full"), () -> said("full.err"));
    assertTrue(said("full.err").contains("run the same command again"), () -> said("full.err"));

    assertEquals("14", said("before.code"), () -> said("before.err"));
    assertTrue(said("before.err").contains(" are needed and "), () -> said("before.err"));

    assertEquals("0", said("again.code"), () -> said("again.err"));
    assertTrue(said("again.sha256").startsWith(sha256));
    long reused = number("\"bytesReused\":(\\d+)", said("again.out"));
    assertTrue(reused >= 8 << 20, () -> "kept only " + reused + " bytes");
    assertEquals(SIZE - reused, number("\"bytesFetched\":(\\d+)", said("again.out")));

    assertEquals("2", said("usage.code"), () -> said("usage.err"));
    assertEquals("14", said("readonly.code"), () -> said("readonly.err"));
    assertEquals("", said("readonly.out"));
    assertEquals(1, said("readonly.err").lines().count(), () -> said("readonly.err"));
  }

  private String said(String file) {
    try {
      return Files.readString(stage.folder().resolve(file)).strip();
    } catch (IOException e) {
      return "(no " + file + ")";
    }
  }

  private static long number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), text);
    return Long.parseLong(matcher.group(1));
  }
}
