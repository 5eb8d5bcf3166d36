package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.weights.Tensor;
import dev.exodl.weights.WeightIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs of some layers into new files that hold no others. */
class RepackTest {
  /** 67 MB in 8 files of 8 MB: a share of 8 layers is in two or three of them. */
  private static final LayeredModel MODEL = new LayeredModel(32, 512);

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo repo() {
    HubRepo repo = stage.hub().model("exo/layers");
    MODEL.safetensors(repo, 8);
    return repo;
  }

  private Path dir(Object name) {
    return stage.folder().resolve("dir-" + name);
  }

  private SyncRequest repack(HubRepo repo, String share, Path dir) {
    return Shards.share(stage.asking(repo).localDir(dir), share, ShardForm.REPACK);
  }

  @Test
  void fourSharesTogetherHoldEveryTensorByteForByte() throws IOException {
    HubRepo repo = repo();
    List<String> all = new ArrayList<>();
    long files = 0;
    for (int i = 1; i <= 4; i++) {
      stage.hub().log().clear();
      SyncResult result = stage.sync(repack(repo, i + "/4", dir(i)));
      ShardChoice choice = result.shard().orElseThrow();
      long served = stage.hub().log().fileBytesServed();
      assertTrue(served <= choice.needed().bytes() + MIB, i + ": " + served);
      assertTrue(result.bytesFetched() <= served);
      files += choice.more();
      List<String> here = Shards.repacked(repo, dir(i));
      assertEquals(choice.needed().count(), here.size());
      all.addAll(here);
      assertIndex(dir(i), here, choice.needed().bytes());
      assertTrue(Files.isRegularFile(dir(i).resolve("config.json")));
      assertTrue(Files.isRegularFile(dir(i).resolve("README.md")));
    }
    assertEquals(
        MODEL.tensors().stream().map(LayeredModel.Tensor::name).sorted().toList(),
        all.stream().sorted().toList());
    assertTrue(files > 3L * MIB, "whole files would be more: " + files);
  }

  private static void assertIndex(Path dir, List<String> tensors, long bytes) throws IOException {
    byte[] text = Files.readAllBytes(dir.resolve("model.safetensors.index.json"));
    WeightIndex index = WeightIndex.read("the index", text);
    assertEquals(bytes, index.totalSize().orElseThrow());
    assertEquals(tensors.stream().sorted().toList(), List.copyOf(index.files().keySet()));
    Map<String, String> places = new TreeMap<>();
    for (String file : index.names()) {
      for (Tensor tensor : Shards.header(Files.readAllBytes(dir.resolve(file))).tensors()) {
        places.put(tensor.name(), file);
      }
    }
    assertEquals(places, index.files());
  }

  @Test
  void aModelInOneFileGetsAnIndexToo() throws IOException {
    HubRepo repo = stage.hub().model("exo/one");
    LayeredModel small = new LayeredModel(4, 256);
    repo.lfs("model.safetensors", LayeredModel.file(small.tensors(), 3))
        .git("tokenizer.json", "{}")
        .commit("one");
    SyncResult result = stage.sync(repack(repo, "2/2", dir("one")));
    assertEquals(
        List.of(
            "exo-dl-shard.json",
            "model.safetensors",
            "model.safetensors.index.json",
            "tokenizer.json"),
        Shards.visible(dir("one")));
    List<String> here = Shards.repacked(repo, dir("one"));
    assertEquals(12, here.size());
    assertIndex(dir("one"), here, result.shard().orElseThrow().needed().bytes());
  }

  @Test
  void whatIsHereIsNotFetchedAgainAndEnoughWithoutTheHub() throws IOException {
    HubRepo repo = repo();
    SyncResult first = stage.sync(repack(repo, "2/4", dir("a")));
    assertTrue(first.files().stream().anyMatch(first::isMadeHere));
    Map<String, String> tree = SyncStage.tree(dir("a"));
    stage.hub().log().clear();
    SyncResult again = stage.sync(repack(repo, "2/4", dir("a")));
    assertEquals(0, stage.hub().log().fileBytesServed());
    assertEquals(List.of(), again.missing());
    assertEquals(tree, SyncStage.tree(dir("a")), "nothing was written");
    SyncResult offline =
        stage.sync(
            Shards.share(stage.asking(repo).localDir(dir("a")).offline(), "2/4", ShardForm.REPACK));
    assertEquals(first.shard(), offline.shard());
    Failure absent =
        stage.fails(
            Shards.share(stage.asking(repo).localDir(dir("b")).offline(), "2/4", ShardForm.REPACK));
    assertEquals(ExitCode.NOT_FOUND, absent.exitCode());
    stage.hub().close();
    assertTrue(stage.sync(repack(repo, "2/4", dir("a"))).offline());
  }

  @Test
  void anEditedFileIsMadeAgain() throws IOException {
    HubRepo repo = repo();
    stage.sync(repack(repo, "2/4", dir("a")));
    Path file = dir("a").resolve("model-00003-of-00008.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1]++;
    Files.write(file, bytes);
    SyncResult again = stage.sync(repack(repo, "2/4", dir("a")));
    assertEquals(1, again.missing().size());
    Shards.repacked(repo, dir("a"));
  }

  @Test
  void aNewCommitReplacesWhatChangedAndWhatWentGoes() throws IOException {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/4", dir("a")));
    Files.writeString(dir("a").resolve("mine.txt"), "mine");
    for (int i = 1; i <= 8; i++) {
      repo.remove("model-%05d-of-00008.safetensors".formatted(i));
    }
    MODEL.safetensors(repo, 4);
    SyncResult result = stage.sync(repack(repo, "1/4", dir("a")));
    assertEquals(
        List.of(
            "README.md",
            "config.json",
            "exo-dl-shard.json",
            "mine.txt",
            "model-00001-of-00004.safetensors",
            "model-00002-of-00004.safetensors",
            "model.safetensors.index.json"),
        Shards.visible(dir("a")));
    assertIndex(
        dir("a"), Shards.repacked(repo, dir("a")), result.shard().orElseThrow().needed().bytes());
  }

  @Test
  void anotherShardInTheFolderIsRefusedAndReplacedByForce() throws IOException {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/4", dir("a")));
    Map<String, String> tree = SyncStage.tree(dir("a"));
    Failure failure = stage.fails(repack(repo, "2/4", dir("a")));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.what().contains("layers 0-7 of exo/layers"), failure.line());
    assertInstanceOf(
        Failure.Usage.class,
        stage.fails(Shards.share(stage.asking(repo).localDir(dir("a")), "1/4", ShardForm.RANGES)));
    assertEquals(tree, SyncStage.tree(dir("a")));
    SyncResult forced =
        stage.sync(
            Shards.share(stage.asking(repo).localDir(dir("a")).force(), "2/4", ShardForm.REPACK));
    List<String> here = Shards.repacked(repo, dir("a"));
    assertIndex(dir("a"), here, forced.shard().orElseThrow().needed().bytes());
  }

  @Test
  void ggufIsRefused() throws IOException {
    HubRepo repo = stage.hub().model("exo/gguf");
    new LayeredModel(4, 64).gguf(repo, 1, 10);
    Failure failure = stage.fails(repack(repo, "1/2", dir("g")));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.what().contains("GGUF"), failure.line());
    assertTrue(failure.next().contains("--shard-form ranges"), failure.line());
    assertEquals(Map.of(), SyncStage.tree(dir("g")));
  }

  @Test
  void aCacheIsRefusedBeforeTheHubIsAsked() {
    HubRepo repo = repo();
    Failure failure = stage.fails(Shards.share(stage.asking(repo), "1/4", ShardForm.REPACK));
    assertInstanceOf(Failure.Usage.class, failure);
    assertEquals("--shard-form repack", failure.where());
    assertTrue(failure.next().contains("--local-dir"), failure.line());
    assertEquals(0, stage.hub().log().all().size());
  }

  @Test
  void headersThatLieAreRefusedAndNothingIsVisible() throws IOException {
    String tensor = "{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}";
    String name = "\"model.layers.0.%s\":";
    byte[] endless = new byte[200];
    java.util.Arrays.fill(endless, 0, 8, (byte) 0x7f);
    List<byte[]> lies =
        List.of(
            new byte[3],
            endless,
            LayeredModel.header("{" + name.formatted("x") + tensor.formatted(9, 0, 9) + "}"),
            // Overlapping; and a name that no text can be.
            with(
                "{%s,%s}"
                    .formatted(
                        name.formatted("a") + tensor.formatted(4, 0, 4),
                        name.formatted("b") + tensor.formatted(4, 2, 6)),
                6),
            with("{" + name.formatted("\\ud800") + tensor.formatted(4, 0, 4) + "}", 4));
    for (int i = 0; i < lies.size(); i++) {
      HubRepo repo = stage.hub().model("exo/bad" + i);
      repo.lfs("model.safetensors", RepoContent.of(lies.get(i))).git("a.txt", "a").commit("bad");
      Failure failure = stage.fails(repack(repo, "1/1", dir(i)));
      assertInstanceOf(Failure.Integrity.class, failure, "lie " + i);
      assertEquals("model.safetensors", failure.where());
      if (Files.exists(dir(i))) {
        assertEquals(List.of(), Shards.visible(dir(i)));
      }
    }
  }

  private static byte[] with(String json, int data) {
    byte[] head = LayeredModel.header(json);
    return java.util.Arrays.copyOf(head, head.length + data);
  }

  @Test
  void namesAreKeptWhateverIsInThem() throws IOException {
    HubRepo repo = stage.hub().model("exo/names");
    String odd = "model.layers.0.\\\"\\\\\\u0007\\u2028\u00e9\ud83d\ude00";
    String json =
        "{\"__metadata__\":{\"format\":\"pt\"},\""
            + odd
            + "\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            + "\"model.layers.0.none\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[4,4]},"
            + "\"model.layers.1.x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[4,6]}}";
    byte[] file = with(json, 6);
    System.arraycopy("abcdef".getBytes(StandardCharsets.US_ASCII), 0, file, file.length - 6, 6);
    repo.lfs("model.safetensors", RepoContent.of(file)).commit("odd");
    stage.sync(repack(repo, "1/2", dir("odd")));
    List<String> here = Shards.repacked(repo, dir("odd"));
    assertEquals(2, here.size());
    assertIndex(dir("odd"), here, 4);
  }

  @Test
  void aFileOfTheRepoWithTheManifestsNameDoesNotStandInItsPlace() throws IOException {
    HubRepo repo = repo();
    repo.git("exo-dl-shard.json", "{\"v\": 1, \"files\": []}").commit("an uploaded shard");
    stage.sync(repack(repo, "1/4", dir("a")));
    assertTrue(ShardManifest.in(dir("a")).orElseThrow().files().size() > 1);
  }

  @Test
  void onlyTooLittleSpaceIsToldBeforeAnythingIsWritten() throws IOException {
    HubRepo repo = repo();
    Failure failure =
        stage.fails(
            Shards.share(
                stage.asking(repo).localDir(dir("a")).minFree(Long.MAX_VALUE / 2),
                "1/4",
                ShardForm.REPACK));
    assertEquals(ExitCode.STORAGE, failure.exitCode());
    assertEquals(List.of(), Shards.visible(dir("a")));
  }

  @Test
  void wholeFilesAreReplacedByForceOnly() throws IOException {
    HubRepo repo = repo();
    stage.sync(stage.asking(repo).localDir(dir("a")).request());
    Failure failure = stage.fails(repack(repo, "2/4", dir("a")));
    assertInstanceOf(Failure.Storage.class, failure);
    assertTrue(failure.next().contains("--force"), failure.line());
    SyncStage.assertWhole(repo, dir("a"));
  }

  @Test
  void wholeFilesInThePlaceOfAShardEndIt() throws IOException {
    HubRepo repo = repo();
    stage.sync(repack(repo, "2/4", dir("a")));
    stage.sync(stage.asking(repo).localDir(dir("a")).include("*.md").request());
    assertTrue(Files.exists(dir("a").resolve("exo-dl-shard.json")));
    SyncResult whole = stage.sync(stage.asking(repo).localDir(dir("a")).request());
    SyncStage.assertWhole(repo, dir("a"));
    assertTrue(Files.notExists(dir("a").resolve("exo-dl-shard.json")));
    assertTrue(whole.warnings().getFirst().contains("no shard any more"));
  }

  @Test
  void aClusterIsRefused() {
    SyncRequest request = repack(repo(), "2/4", dir("a"));
    ShardExcerpts.check(request, false);
    Failure failure =
        assertThrows(FailureException.class, () -> ShardExcerpts.check(request, true)).failure();
    assertInstanceOf(Failure.Usage.class, failure);
    assertTrue(failure.next().contains("each node"), failure.line());
  }
}
