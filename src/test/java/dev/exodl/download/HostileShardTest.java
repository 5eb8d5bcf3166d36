package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.download.VerifyResult.Verdict;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Folders with a shard in which somebody else writes: manifests that lie, files that took a place.
 */
class HostileShardTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final LayeredModel MODEL = new LayeredModel(8, 128);

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo repo() {
    HubRepo repo = stage.hub().model("exo/layers");
    MODEL.safetensors(repo, 4);
    return repo;
  }

  private Path dir() {
    return stage.folder().resolve("dir");
  }

  private Path manifest() {
    return dir().resolve("exo-dl-shard.json");
  }

  private SyncRequest repack(HubRepo repo, String share) {
    return Shards.share(stage.asking(repo).localDir(dir()), share, ShardForm.REPACK);
  }

  private SyncRequest forced(HubRepo repo, String share) {
    return Shards.share(stage.asking(repo).localDir(dir()).force(), share, ShardForm.REPACK);
  }

  private VerifyResult verify(VerifyRequest request) {
    return new Verify(
            new SyncSettings(stage.settings, stage.limits, false), e -> {}, new ProgressBoard())
        .run(request);
  }

  private VerifyRequest byListing(HubRepo repo) {
    SyncRequest asked = stage.asking(repo).localDir(dir()).request();
    return new VerifyRequest.Snapshot(asked.repo(), asked.revision(), asked.place(), false);
  }

  private List<String> notRight(VerifyRequest request) {
    return verify(request).files().stream()
        .filter(f -> !(f.verdict() instanceof Verdict.Right))
        .map(f -> f.name())
        .sorted()
        .toList();
  }

  private void manifest(Consumer<ObjectNode> change) throws IOException {
    ObjectNode object = (ObjectNode) JSON.readTree(Files.readAllBytes(manifest()));
    change.accept(object);
    Files.writeString(manifest(), object.toString());
  }

  private static ObjectNode file(ObjectNode manifest, int number) {
    return (ObjectNode) manifest.path("files").path(number);
  }

  private void flip(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(dir().resolve(file));
    bytes[bytes.length - 1] ^= 1;
    Files.write(dir().resolve(file), bytes);
  }

  @Test
  void whatAManifestDoesNotTellIsNotTakenForRight() throws Exception {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/2"));
    byte[] text = Files.readAllBytes(manifest());
    flip("model-00001-of-00004.safetensors");
    List<Consumer<ObjectNode>> lies =
        List.of(
            m -> file(m, 0).remove("size"),
            m -> file(m, 0).put("size", -1),
            m -> file(m, 0).putArray("ranges"),
            m -> m.put("v", 2),
            m -> m.put("index", "config.json"),
            m -> file(m, 0).put("path", "config.json"),
            m -> file(m, 0).put("path", "../config.json"),
            m -> file(m, 0).put("path", "/etc/passwd"),
            m -> file(m, 0).put("path", file(m, 1).path("path").asText()),
            m -> ((ObjectNode) file(m, 0).path("ranges").path(0)).put("to", Long.MAX_VALUE),
            m -> file(m, 0).withArray("ranges").add(file(m, 0).path("ranges").path(0).deepCopy()));
    for (int i = 0; i < lies.size(); i++) {
      Files.write(manifest(), text);
      manifest(lies.get(i));
      List<String> bad = notRight(new VerifyRequest.Remembered(dir()));
      assertEquals(List.of("exo-dl-shard.json"), bad, "lie " + i);
    }
    for (String none : List.of("", "{", "[]", "{\"v\":1,\"files\":[]} x", "null")) {
      Files.writeString(manifest(), none);
      assertEquals(
          List.of("exo-dl-shard.json"), notRight(new VerifyRequest.Remembered(dir())), none);
    }
    Files.write(manifest(), text);
    assertEquals(
        List.of("model-00001-of-00004.safetensors"), notRight(new VerifyRequest.Remembered(dir())));
  }

  @Test
  void aManifestHidesNoFileFromTheHubsListingThatIsNoPartOfAShard() throws Exception {
    HubRepo repo = repo();
    stage.sync(stage.asking(repo).localDir(dir()).request());
    Files.writeString(dir().resolve("config.json"), "{\"auto_map\": \"evil.py\"}");
    String entry =
        "{\"path\":\"config.json\",\"size\":23,\"ranges\":[{\"from\":0,\"to\":1,\"sha256\":\""
            + "021fb596db81e6d02bf3d2586ee3981fe519f275c0ac9ca76bbcf2ebb4097d96\"}]}";
    Files.writeString(
        manifest(),
        "{\"v\":1,\"form\":\"repack\",\"repo\":\"exo/layers\",\"repoType\":\"model\","
            + "\"layers\":\"0\",\"withShared\":false,\"index\":null,\"files\":["
            + entry
            + "]}");
    assertTrue(notRight(byListing(repo)).contains("config.json"));
  }

  @Test
  void aShardOfAnotherRepoHidesNothing() throws Exception {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/2"));
    HubRepo other = stage.hub().model("exo/other");
    new LayeredModel(8, 64).safetensors(other, 4);
    List<String> bad = notRight(byListing(other));
    assertTrue(bad.contains("model-00001-of-00004.safetensors"), bad.toString());
  }

  @Test
  void anIndexThatWasChangedIsFound() throws Exception {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/2"));
    assertEquals(List.of(), notRight(new VerifyRequest.Remembered(dir())));
    flip("model.safetensors.index.json");
    assertEquals(
        List.of("model.safetensors.index.json"), notRight(new VerifyRequest.Remembered(dir())));
    Files.delete(dir().resolve("model.safetensors.index.json"));
    assertEquals(
        List.of("model.safetensors.index.json"), notRight(new VerifyRequest.Remembered(dir())));
  }

  @Test
  void wholeFilesThatTookAShardsPlaceAreNotReplacedUnasked() throws Exception {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/2"));
    stage.sync(stage.asking(repo).localDir(dir()).request());
    Failure failure = stage.fails(repack(repo, "1/2"));
    assertInstanceOf(Failure.Storage.class, failure);
    assertTrue(failure.next().contains("--force"), failure.line());
    SyncStage.assertWhole(repo, dir());
    // Nor when the revision has moved since, and whole files have other sizes.
    for (int i = 1; i <= 4; i++) {
      repo.remove("model-%05d-of-00004.safetensors".formatted(i));
    }
    new LayeredModel(8, 64).safetensors(repo, 4);
    assertInstanceOf(Failure.Storage.class, stage.fails(repack(repo, "1/2")));
  }

  @Test
  void norWholeFilesThatAnotherClientPutThere() throws Exception {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/3"));
    String name = "model-00002-of-00004.safetensors";
    byte[] whole = repo.blob(name).content().bytes();
    Files.write(dir().resolve(name), whole);
    Failure failure = stage.fails(repack(repo, "1/3"));
    assertInstanceOf(Failure.Storage.class, failure);
    assertEquals(whole.length, Files.size(dir().resolve(name)));
  }

  @Test
  void anotherShardThatCameMeanwhileIsTold() throws Exception {
    HubRepo repo = repo();
    AtomicBoolean once = new AtomicBoolean();
    SyncListener listener =
        event -> {
          boolean placed =
              event instanceof SyncEvent.FilePlaced of
                  && of.file().path().value().endsWith(".safetensors");
          if (placed && once.compareAndSet(false, true)) {
            stage.sync(forced(repo, "2/2"));
          }
        };
    SyncSettings settings = new SyncSettings(stage.settings, stage.limits, false);
    Sync sync = new Sync(settings, listener, new ProgressBoard());
    Failure failure =
        assertThrows(FailureException.class, () -> sync.run(repack(repo, "1/2"))).failure();
    assertInstanceOf(Failure.Storage.class, failure);
    assertTrue(failure.what().contains("meanwhile"), failure.line());
    // Whoever comes next brings it in order.
    stage.sync(forced(repo, "2/2"));
    assertEquals(List.of(), notRight(new VerifyRequest.Remembered(dir())));
  }

  @Test
  void whileAnotherShardComesNoManifestTellsOfTheOldOne() throws Exception {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/2"));
    List<Sync> running = new ArrayList<>();
    SyncListener listener =
        event -> {
          boolean placed =
              event instanceof SyncEvent.FilePlaced of
                  && of.file().path().value().endsWith(".safetensors");
          if (placed) {
            assertFalse(Files.exists(manifest()), "a manifest of what is not there any more");
            running.getFirst().stop();
          }
        };
    SyncSettings settings = new SyncSettings(stage.settings, stage.limits, false);
    running.add(new Sync(settings, listener, new ProgressBoard()));
    try {
      running.getFirst().run(forced(repo, "2/2"));
    } catch (CancellationException e) {
      // It may have been through.
    }
    stage.sync(forced(repo, "2/2"));
    assertEquals(List.of(), notRight(new VerifyRequest.Remembered(dir())));
  }

  @Test
  void aManifestThatARepoBringsIsLeftOut() throws Exception {
    HubRepo repo = repo();
    repo.git("exo-dl-shard.json", "{\"v\": 1, \"files\": []}").commit("an uploaded shard");
    SyncResult result = stage.sync(stage.asking(repo).localDir(dir()).request());
    assertFalse(Files.exists(manifest()));
    assertEquals(1, result.warnings().size());
    assertTrue(result.warnings().getFirst().contains("exo-dl-shard.json"));
    assertEquals(List.of(), notRight(byListing(repo)));
    stage.hub().log().clear();
    stage.sync(stage.asking(repo).localDir(dir()).request());
    assertEquals(0, stage.hub().log().fileBytesServed());
    assertInstanceOf(
        Failure.Integrity.class,
        stage.fails(stage.asking(repo).localDir(dir()).files("exo-dl-shard.json").request()));
    SyncStage.assertWhole(repo, stage.sync(repo).path());
  }

  @Test
  void twoFilesOfTheSameContentAreTwoExcerpts() throws Exception {
    HubRepo repo = stage.hub().model("exo/twins");
    String tensor =
        "\"model.layers.0.%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]}";
    byte[] head =
        LayeredModel.header(
            "{%s,%s,%s}"
                .formatted(
                    tensor.formatted("x", 0, 0),
                    tensor.formatted("y", 0, 0),
                    tensor.formatted("z", 4, 4)));
    RepoContent content = RepoContent.of(Arrays.copyOf(head, head.length + 4));
    repo.lfs("a.safetensors", content).lfs("b.safetensors", content);
    repo.git(
            "model.safetensors.index.json",
            "{\"weight_map\":{\"model.layers.0.x\":\"a.safetensors\",\"model.layers.0.y\":\"b.safetensors\"}}")
        .commit("twins");
    SyncRequest request = Shards.share(stage.asking(repo).localDir(dir()), "1/1", ShardForm.RANGES);
    stage.sync(request);
    assertEquals(List.of(), notRight(new VerifyRequest.Remembered(dir())));
    assertTrue(Files.exists(dir().resolve("a.partial.safetensors")));
    assertTrue(Files.exists(dir().resolve("b.partial.safetensors")));
    assertEquals(List.of(), stage.sync(request).missing());
  }

  @Test
  void aManifestOfMillionsOfEntriesIsNotReadIntoTheMemory() throws Exception {
    HubRepo repo = repo();
    stage.sync(repack(repo, "1/2"));
    byte[] entry = "{\"path\":\"a.gguf\"},".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
    try (var out = Files.newOutputStream(manifest())) {
      out.write("{\"v\":1,\"more\":[".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 150; i++) {
        out.write(entry);
      }
      out.write("0],\"files\":[]}".getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals(List.of(), ShardManifest.in(dir()).orElseThrow().files());
  }
}
