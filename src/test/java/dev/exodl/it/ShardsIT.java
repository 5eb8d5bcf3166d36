package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Some layers by the built program; what it repacked is opened by a reader that is not ours. */
class ShardsIT {
  /** 17 MB whose layers straddle 8 files. */
  private static final LayeredModel MODEL = new LayeredModel(32, 256);

  private static final int CANNOT = 77;
  private static final long MIB = 1 << 20;

  @RegisterExtension final ItStage stage = new ItStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("exo/layers");
    MODEL.safetensors(repo, 8);
    return repo;
  }

  private Path dir(int share) {
    return stage.folder().resolve("share-" + share);
  }

  private void share(HubRepo repo, int share, String form) throws Exception {
    String[] sync = {
      "sync", repo.id(), "--shard", share + "/4", "--shard-form", form, "--local-dir"
    };
    List<String> command = new ArrayList<>(List.of(sync));
    command.add(dir(share).toString());
    command.add("--on-shard-ready");
    command.add("echo \"$EXO_DL_LAYERS of $EXO_DL_LAYER_COUNT in $EXO_DL_PATH\" >" + ready(share));
    Program.Ended ended = stage.program().run(command.toArray(String[]::new));
    assertEquals(0, ended.code(), ended::toString);
    int first = 8 * (share - 1);
    assertTrue(
        Files.readString(ready(share))
            .matches(first + "-" + (first + 7) + "(,.*)? of 32 in " + dir(share) + "\n"),
        Files.readString(ready(share)));
  }

  private Path ready(int share) {
    return stage.folder().resolve("ready-" + share);
  }

  @Test
  void whatIsRepackedIsReadByHuggingFacesLibrary() throws Exception {
    HubRepo repo = model();
    for (int share = 1; share <= 4; share++) {
      share(repo, share, "repack");
    }
    // Headers once a share, and every tensor once.
    assertTrue(stage.cdnBytes() <= ItStage.lfsSize(repo) + 4 * MIB, "" + stage.cdnBytes());
    List<String> check = new ArrayList<>(List.of("src/check/safetensors/run"));
    IntStream.rangeClosed(1, 4).forEach(share -> check.add(dir(share).toString()));
    // In this JVM's own environment, which says where packages come from.
    ProcessBuilder checking = new ProcessBuilder(check).redirectErrorStream(true);
    checking.environment().put("EXO_DL_HUB_CLIENT", ItStage.hubClient().toString());
    Process reader = checking.start();
    String said;
    try (InputStream out = reader.getInputStream()) {
      said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (reader.waitFor() == CANNOT) {
      System.out.println("ShardsIT is without the other reader: " + said);
    } else {
      assertEquals(0, reader.exitValue(), said);
      assertEquals(4, said.lines().count(), said);
    }
  }

  @Test
  void rangesAreCheckedAgainAndTakeNoMoreThanTheirBytes() throws Exception {
    HubRepo repo = model();
    share(repo, 2, "ranges");
    assertTrue(stage.cdnBytes() <= ItStage.lfsSize(repo) / 4 + MIB, "" + stage.cdnBytes());
    Program.Ended verified =
        stage.program().run("verify", "--local-dir", dir(2).toString(), repo.id());
    assertEquals(0, verified.code(), verified::toString);
    Path part;
    try (var files = Files.list(dir(2))) {
      part = files.filter(f -> f.toString().endsWith(".safetensors")).findFirst().orElseThrow();
    }
    try (var file = new java.io.RandomAccessFile(part.toFile(), "rw")) {
      file.seek(20);
      file.write(file.read() ^ 1);
    }
    verified = stage.program().run("verify", "--local-dir", dir(2).toString(), repo.id());
    assertEquals(13, verified.code(), verified::toString);
  }
}
