package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.exodl.download.VerifyResult.Verdict;
import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.emulator.Where;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Failure;
import dev.exodl.store.Link;
import dev.exodl.store.Reuse;
import dev.exodl.weights.Gguf;
import dev.exodl.weights.Tensor;
import dev.exodl.weights.WeightIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs of some layers into files of the full length that hold no other bytes. */
class RangesTest {
  private static final LayeredModel MODEL = new LayeredModel(32, 512);

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo repo() {
    HubRepo repo = stage.hub().model("exo/layers");
    MODEL.safetensors(repo, 8);
    return repo;
  }

  private Path dir(String name) {
    return stage.folder().resolve("dir-" + name);
  }

  private SyncRequest ranges(HubRepo repo, String share, Path dir) {
    return Shards.share(stage.asking(repo).localDir(dir), share, ShardForm.RANGES);
  }

  private static JsonNode manifest(Path dir) throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(dir.resolve("exo-dl-shard.json")));
  }

  /** Bytes that the file takes on the disk. */
  private static long allocated(Path file) throws Exception {
    Process stat =
        new ProcessBuilder("stat", "-c", "%b %B", file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] words =
        new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
            .strip()
            .split(" ");
    assertEquals(0, stat.waitFor());
    return Long.parseLong(words[0]) * Long.parseLong(words[1]);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void whoMapsTheFilesFindsItsTensorsWhereTheyAreInTheWholeOnes() throws Exception {
    HubRepo repo = repo();
    SyncResult result = stage.sync(ranges(repo, "1/4", dir("a")));
    ShardChoice choice = result.shard().orElseThrow();
    long served = stage.hub().log().fileBytesServed();
    assertTrue(served <= choice.needed().bytes() + MIB, "served " + served);
    Map<String, Map.Entry<String, Tensor>> whole = Shards.tensors(repo);
    WeightIndex index =
        WeightIndex.read(
            "index", Files.readAllBytes(dir("a").resolve("model.safetensors.index.json")));
    assertEquals(41, index.files().size());
    for (var each : index.files().entrySet()) {
      Path file = dir("a").resolve(each.getValue());
      var of = whole.get(each.getKey());
      assertTrue(file.toString().contains(".partial-0000"), file.toString());
      assertEquals(repo.blob(of.getKey()).size(), Files.size(file));
      assertArrayEquals(Shards.bytes(repo, of), Shards.mapped(file, of.getValue().at()));
    }
    long taken = 0;
    long sizes = 0;
    for (String name : index.names()) {
      taken += allocated(dir("a").resolve(name));
      sizes += Files.size(dir("a").resolve(name));
    }
    assertTrue(taken < choice.needed().bytes() + MIB, taken + " of " + sizes);
    assertTrue(sizes > choice.needed().bytes() + 4L * MIB);
  }

  @Test
  void theManifestTellsWhatIsThere() throws Exception {
    HubRepo repo = repo();
    stage.sync(ranges(repo, "2/4", dir("a")));
    JsonNode manifest = manifest(dir("a"));
    assertEquals("ranges", manifest.path("form").asText());
    assertEquals("exo/layers", manifest.path("repo").asText());
    assertEquals(repo.head().sha(), manifest.path("commit").asText());
    assertEquals("8-15", manifest.path("layers").asText());
    int tensors = 0;
    for (JsonNode file : manifest.path("files")) {
      Path path = dir("a").resolve(file.path("path").asText());
      byte[] whole = repo.blob(file.path("of").path("path").asText()).content().bytes();
      byte[] here = Files.readAllBytes(path);
      assertEquals(sha256(whole), file.path("of").path("blob").asText());
      assertEquals("hub", file.path("source").asText());
      byte[] expected = new byte[whole.length];
      long bytes = 0;
      for (JsonNode range : file.path("ranges")) {
        int from = range.path("from").asInt();
        int to = range.path("to").asInt();
        System.arraycopy(whole, from, expected, from, to - from);
        byte[] part = java.util.Arrays.copyOfRange(whole, from, to);
        assertEquals(sha256(part), range.path("sha256").asText());
        bytes += to - from;
      }
      assertArrayEquals(expected, here, "zeros where nothing is");
      assertEquals(bytes, file.path("bytes").asLong());
      tensors += file.path("tensors").size();
    }
    assertEquals(40, tensors);
  }

  @Test
  void ofGgufToo() throws Exception {
    HubRepo repo = stage.hub().model("exo/gguf");
    MODEL.gguf(repo, 4, 30_000);
    SyncResult result = stage.sync(ranges(repo, "3/4", dir("g")));
    ShardChoice choice = result.shard().orElseThrow();
    assertEquals(40, choice.needed().count());
    long served = stage.hub().log().fileBytesServed();
    assertTrue(served <= choice.needed().bytes() + MIB, "served " + served);
    int found = 0;
    for (JsonNode file : manifest(dir("g")).path("files")) {
      Path path = dir("g").resolve(file.path("path").asText());
      byte[] whole = repo.blob(file.path("of").path("path").asText()).content().bytes();
      byte[] header = Files.readAllBytes(path);
      var tensors = Gguf.read("a file", header, header.length).orElseThrow().tensors();
      assertEquals(
          Gguf.read("a file", whole, whole.length).orElseThrow().tensors(),
          tensors,
          "the header is whole");
      for (JsonNode tensor : file.path("tensors")) {
        ByteRange at = new ByteRange(tensor.path("from").asLong(), tensor.path("to").asLong());
        assertArrayEquals(
            java.util.Arrays.copyOfRange(whole, (int) at.offset(), (int) at.end()),
            Shards.mapped(path, at));
        found++;
      }
    }
    assertEquals(40, found);
    assertTrue(
        Shards.visible(dir("g")).contains("m.partial-00003-of-00004.gguf"),
        Shards.visible(dir("g")).toString());
  }

  @Test
  void aGgufPartWithoutTensorsGoesAlong() throws Exception {
    HubRepo repo = stage.hub().model("exo/gguf");
    repo.lfs("m-00001-of-00002.gguf", LayeredModel.ggufFile(List.of(), 100, 1))
        .lfs("m-00002-of-00002.gguf", LayeredModel.ggufFile(MODEL.ggufTensors(), 0, 2))
        .commit("two");
    stage.sync(ranges(repo, "4/4", dir("g")));
    assertArrayEquals(
        repo.blob("m-00001-of-00002.gguf").content().bytes(),
        Files.readAllBytes(dir("g").resolve("m.partial-00001-of-00002.gguf")));
  }

  @Test
  void aWholeCopyInTheCacheGivesTheBytes() throws Exception {
    HubRepo repo = repo();
    stage.sync(repo);
    stage.hub().log().clear();
    SyncResult result = stage.sync(ranges(repo, "2/4", dir("a")));
    assertEquals(0, stage.hub().log().fileBytesServed());
    assertEquals(0, result.bytesFetched());
    Path file = dir("a").resolve("model.partial-00003-of-00008.safetensors");
    Map.Entry<String, Tensor> of = Shards.tensors(repo).get("model.layers.10.mlp.up_proj.weight");
    assertEquals("model-00003-of-00008.safetensors", of.getKey());
    assertArrayEquals(Shards.bytes(repo, of), Shards.mapped(file, of.getValue().at()));
    assertEquals("copy", manifest(dir("a")).path("files").path(0).path("source").asText());
  }

  @Test
  void anAlteredCopyIsNotBelieved() throws Exception {
    HubRepo repo = repo();
    stage.sync(repo);
    for (int i = 1; i <= 8; i++) {
      Path blob =
          stage
              .inCache(repo)
              .resolve("blobs")
              .resolve(repo.blob("model-%05d-of-00008.safetensors".formatted(i)).etag());
      byte[] bytes = Files.readAllBytes(blob);
      // A tensor that is not even needed: the whole is not what the hub has.
      bytes[bytes.length - 1]++;
      Files.write(blob, bytes);
    }
    stage.hub().log().clear();
    SyncResult result = stage.sync(ranges(repo, "2/4", dir("a")));
    assertTrue(result.bytesFetched() > 0);
    assertEquals("hub", manifest(dir("a")).path("files").path(0).path("source").asText());
    stage.forgetCache();
  }

  @Test
  void aCopyOfAnotherProgramGivesTheBytesToo() throws Exception {
    HubRepo repo = repo();
    Path other = stage.folder().resolve("exo-models");
    stage.sync(stage.asking(repo).localDir(other).request());
    stage.reuse = new Reuse(List.of(other), Link.AUTO, Optional.empty());
    Map<String, String> before = SyncStage.tree(other);
    stage.hub().log().clear();
    SyncResult result =
        stage.sync(Shards.share(stage.asking(repo).localDir(dir("a")), "3/4", ShardForm.REPACK));
    assertEquals(0, result.bytesFetched());
    long headers = stage.hub().log().fileBytesServed();
    assertTrue(headers < 100_000, "served " + headers);
    assertEquals(40, Shards.repacked(repo, dir("a")).size());
    assertEquals(before, SyncStage.tree(other));
  }

  private VerifyResult verify(Path dir) {
    return new Verify(
            new SyncSettings(stage.settings, stage.limits, false), e -> {}, new ProgressBoard())
        .run(new VerifyRequest.Remembered(dir));
  }

  private static List<String> wrong(VerifyResult result) {
    return result.files().stream()
        .filter(f -> f.verdict() instanceof Verdict.Wrong)
        .map(VerifyResult.Checked::name)
        .toList();
  }

  @Test
  void verifyReadsWhatTheManifestTellsAndNotTheHoles() throws Exception {
    HubRepo repo = repo();
    ShardChoice choice = stage.sync(ranges(repo, "2/4", dir("a"))).shard().orElseThrow();
    VerifyResult right = verify(dir("a"));
    assertEquals(List.of(), wrong(right));
    assertEquals(3 + choice.needed().files().size(), right.count(Verdict.Right.class));
    assertTrue(right.bytes() < choice.needed().bytes() + MIB, "read " + right.bytes());
    VerifyResult listed =
        new Verify(
                new SyncSettings(stage.settings, stage.limits, false), e -> {}, new ProgressBoard())
            .run(
                new VerifyRequest.Snapshot(
                    stage.asking(repo).request().repo(),
                    stage.asking(repo).request().revision(),
                    new SyncRequest.Place.LocalDir(dir("a"), stage.cache()),
                    false));
    assertEquals(List.of(), wrong(listed));

    JsonNode file = manifest(dir("a")).path("files").path(1);
    Path path = dir("a").resolve(file.path("path").asText());
    byte[] bytes = Files.readAllBytes(path);
    bytes[file.path("tensors").path(0).path("from").asInt()]++;
    Files.write(path, bytes);
    assertEquals(List.of(file.path("path").asText()), wrong(verify(dir("a"))));
  }

  @Test
  void aHubThatSendsOnlyWholeFilesIsToldOf() throws Exception {
    HubRepo repo = repo();
    stage.hub().faults().on(Where.CDN).skip(3).then(new Fault.IgnoreRange());
    Failure failure = stage.fails(ranges(repo, "2/4", dir("a")));
    assertInstanceOf(Failure.Network.class, failure);
    assertEquals("take --shard-form files", failure.next());
    assertTrue(
        Shards.visible(dir("a")).stream().noneMatch(f -> f.endsWith(".safetensors")),
        "nothing half-made");
  }

  @Test
  void aFolderOfTheCacheKindIsRefused() {
    HubRepo repo = repo();
    Failure failure = stage.fails(Shards.share(stage.asking(repo), "2/4", ShardForm.RANGES));
    assertInstanceOf(Failure.Usage.class, failure);
    assertEquals(0, stage.hub().log().all().size());
  }

  @Test
  void aDryRunTellsTheBytesAndWritesNothing() throws Exception {
    HubRepo repo = repo();
    SyncResult dry =
        stage.sync(
            Shards.share(stage.asking(repo).localDir(dir("a")).dryRun(), "1/4", ShardForm.RANGES));
    assertTrue(
        Files.notExists(dir("a").resolve("exo-dl-shard.json"))
            && Files.notExists(dir("a").resolve(".cache/exo-dl")));
    SyncResult real = stage.sync(ranges(repo, "1/4", dir("a")));
    assertEquals(dry.missing(), real.missing());
    assertEquals(dry.bytesFetched(), real.bytesFetched());
  }
}
