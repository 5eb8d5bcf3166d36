package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.ShardRequest.Share;
import dev.exodl.emulator.Fault;
import dev.exodl.emulator.FaultRule;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.store.CacheInvariants;
import dev.exodl.weights.Layers;
import dev.exodl.weights.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Syncs of only some layers, each weight file that holds something of them whole. */
class ShardSyncTest {
  private static final LayeredModel MODEL = new LayeredModel(32, 128);

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo repo() {
    HubRepo repo = stage.hub().model("exo/layers");
    MODEL.safetensors(repo, 8);
    return repo;
  }

  private static SyncRequest shard(SyncRequest request, Share share, boolean withShared) {
    return Shards.with(request, new ShardRequest(share, withShared, ShardForm.FILES));
  }

  private SyncRequest layers(HubRepo repo, String list) {
    return layers(stage.asking(repo), list);
  }

  private static SyncRequest layers(Asking asking, String list) {
    return shard(asking.request(), new Share.Listed(Layers.parse("--layers", list)), false);
  }

  private static SyncRequest share(Asking asking, String share) {
    return shard(asking.request(), new Share.Numbered(Shard.parse("--shard", share)), false);
  }

  private static Set<String> files(Path snapshot) throws IOException {
    try (Stream<Path> files = Files.list(snapshot)) {
      return files.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  /** The weight files that hold tensors of these names, by the fixture's own list, and the rest. */
  private static Set<String> holding(Set<String> tensors) {
    Set<String> files =
        new TreeSet<>(List.of("config.json", "README.md", "model.safetensors.index.json"));
    List<List<LayeredModel.Tensor>> parts = LayeredModel.cut(MODEL.tensors(), 8);
    for (int i = 0; i < 8; i++) {
      if (parts.get(i).stream().anyMatch(t -> tensors.contains(t.name()))) {
        files.add("model-%05d-of-00008.safetensors".formatted(i + 1));
      }
    }
    return files;
  }

  private static Set<String> tensors(int first, int last, String... others) {
    Set<String> names = new TreeSet<>(List.of(others));
    for (LayeredModel.Tensor tensor : MODEL.tensors()) {
      for (int layer = first; layer <= last; layer++) {
        if (tensor.name().startsWith("model.layers." + layer + ".")) {
          names.add(tensor.name());
        }
      }
    }
    return names;
  }

  private static long bytes(Set<String> tensors) {
    return MODEL.tensors().stream()
        .filter(t -> tensors.contains(t.name()))
        .mapToLong(LayeredModel.Tensor::bytes)
        .sum();
  }

  @Test
  void wholeFilesThatHoldSomethingNeededAndTheSmallOnes() throws IOException {
    HubRepo repo = repo();
    SyncResult result = stage.sync(layers(repo, "8-15"));
    Set<String> needed = tensors(8, 15);
    assertEquals(holding(needed), files(result.path()));
    ShardChoice choice = result.shard().orElseThrow();
    assertEquals(needed.size(), choice.needed().count());
    assertEquals(bytes(needed), choice.needed().bytes());
    long whole =
        files(result.path()).stream()
            .filter(f -> f.endsWith(".safetensors"))
            .mapToLong(f -> repo.blob(f).size())
            .sum();
    assertEquals(whole - bytes(needed), choice.more());
    assertTrue(choice.more() > 0, "layers straddle files");
    assertEquals(List.of(new SyncEvent.Sharded(choice)), stage.events(SyncEvent.Sharded.class));
    CacheInvariants.check(stage.cache());
  }

  @Test
  void sharesTogetherNeedEveryTensorOnce() {
    HubRepo repo = repo();
    int tensors = 0;
    long bytes = 0;
    for (int i = 1; i <= 4; i++) {
      SyncResult result = stage.sync(share(stage.asking(repo).dryRun(), i + "/4"));
      tensors += result.shard().orElseThrow().needed().count();
      bytes += result.shard().orElseThrow().needed().bytes();
    }
    assertEquals(MODEL.tensors().size(), tensors);
    assertEquals(MODEL.tensors().stream().mapToLong(LayeredModel.Tensor::bytes).sum(), bytes);
  }

  @Test
  void shareOneHasTheEmbeddingsAndTheLastTheHead() throws IOException {
    HubRepo repo = repo();
    Path first = stage.sync(share(stage.asking(repo), "1/4")).path();
    assertEquals(holding(tensors(0, 7, "model.embed_tokens.weight")), files(first));
    SyncResult last =
        stage.sync(share(stage.asking(repo).localDir(stage.folder().resolve("d")), "4/4"));
    Set<String> needed = tensors(24, 31, "model.norm.weight", "lm_head.weight");
    Set<String> there = files(last.path());
    there.remove(".cache");
    assertEquals(holding(needed), there);
    assertEquals(bytes(needed), last.shard().orElseThrow().needed().bytes());
  }

  @Test
  void withSharedTakesAllThatHasNoLayer() {
    HubRepo repo = repo();
    SyncRequest request =
        shard(
            stage.asking(repo).dryRun().request(),
            new Share.Listed(Layers.parse("--layers", "12")),
            true);
    Set<String> needed =
        tensors(12, 12, "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight");
    assertEquals(bytes(needed), stage.sync(request).shard().orElseThrow().needed().bytes());
  }

  @Test
  void headersOfFilesThatHoldSomethingNeededComeByOneRangeEach() throws IOException {
    HubRepo repo = repo();
    stage.sync(layers(stage.asking(repo).dryRun(), "0-3"));
    long small = repo.blob("config.json").size() + repo.blob("model.safetensors.index.json").size();
    assertEquals(2, holding(tensors(0, 3)).size() - 3);
    assertEquals(2L * ReadWeights.FIRST_BYTES + small, stage.hub().log().fileBytesServed());
    SyncResult all = stage.sync(stage.asking(repo).request());
    stage.hub().log().clear();
    SyncResult again = stage.sync(layers(repo, "0-3"));
    assertEquals(all.path(), again.path());
    assertEquals(0, stage.hub().log().fileBytesServed(), "all is here");
  }

  @Test
  void withForceHeadersAreNotReadFromTheDisk() {
    HubRepo repo = repo();
    stage.sync(layers(repo, "0-3"));
    stage.hub().log().clear();
    SyncResult again = stage.sync(layers(stage.asking(repo).force(), "0-3"));
    long files = again.files().stream().mapToLong(f -> f.size()).sum();
    assertTrue(stage.hub().log().fileBytesServed() >= files + 2L * ReadWeights.FIRST_BYTES);
  }

  @Test
  void moreIsAskedForOnlyOfALongerHeader() {
    HubRepo repo = stage.hub().model("exo/long");
    // About 230 kB of header.
    LayeredModel wide = new LayeredModel(400, 8);
    repo.lfs("model.safetensors", LayeredModel.file(wide.tensors(), 3)).commit("one");
    SyncResult result = stage.sync(layers(stage.asking(repo).dryRun(), "399"));
    assertEquals(7, result.shard().orElseThrow().needed().count());
    assertEquals(400, result.shard().orElseThrow().model().layers());
    long header = result.shard().orElseThrow().model().files().getFirst().header().dataStart();
    assertTrue(header > 200_000, "a header of " + header);
    assertEquals(header, stage.hub().log().fileBytesServed());
  }

  @Test
  void whatIsHereIsNotAskedForAgainAndEnoughWithoutTheHub() throws IOException {
    HubRepo repo = repo();
    Path path = stage.sync(share(stage.asking(repo), "2/4")).path();
    stage.hub().log().clear();
    assertEquals(path, stage.sync(share(stage.asking(repo), "2/4")).path());
    assertEquals(0, stage.hub().log().fileBytesServed());
    SyncResult offline = stage.sync(share(stage.asking(repo).offline(), "2/4"));
    assertEquals(bytes(tensors(8, 15)), offline.shard().orElseThrow().needed().bytes());
    Failure other = stage.fails(share(stage.asking(repo).offline(), "1/4"));
    assertEquals(ExitCode.PARTIAL, other.exitCode());
    assertTrue(other.what().contains("cannot be told which layers"), other.what());
    stage.hub().close();
    SyncResult unreached = stage.sync(share(stage.asking(repo), "2/4"));
    assertEquals(path, unreached.path());
    assertTrue(unreached.offline());
  }

  @Test
  void layersWithoutTensorsAreUsage() {
    assertInstanceOf(Failure.Usage.class, stage.fails(layers(repo(), "other")));
  }

  @Test
  void ggufOfPartsAndLongVocabulary() throws IOException {
    HubRepo repo = stage.hub().model("exo/gguf");
    MODEL.gguf(repo, 4, 30_000);
    SyncResult result = stage.sync(share(stage.asking(repo), "3/4"));
    ShardChoice choice = result.shard().orElseThrow();
    assertEquals(32, choice.model().layers());
    assertEquals(40, choice.needed().count());
    Set<String> files = files(result.path());
    assertTrue(files.remove("README.md"));
    assertEquals(
        choice.needed().files().stream().map(f -> f.path()).collect(Collectors.toSet()), files);
    assertTrue(files.size() < 4, files.toString());
  }

  @Test
  void aGgufPartWithoutTensorsGoesAlong() throws IOException {
    HubRepo repo = stage.hub().model("exo/gguf");
    List<List<LayeredModel.Tensor>> parts = LayeredModel.cut(MODEL.ggufTensors(), 2);
    repo.lfs("m-00001-of-00003.gguf", LayeredModel.ggufFile(List.of(), 100, 1))
        .lfs("m-00002-of-00003.gguf", LayeredModel.ggufFile(parts.getFirst(), 0, 2))
        .lfs("m-00003-of-00003.gguf", LayeredModel.ggufFile(parts.getLast(), 0, 3))
        .commit("three");
    Path path = stage.sync(layers(repo, "31")).path();
    assertEquals(Set.of("m-00001-of-00003.gguf", "m-00003-of-00003.gguf"), files(path));
    repo.remove("m-00002-of-00003.gguf").commit("two");
    assertInstanceOf(Failure.NotFound.class, stage.fails(layers(repo, "31")));
  }

  @Test
  void ofSeveralGgufModelsOneIsToBeChosen() {
    HubRepo repo = stage.hub().model("exo/gguf");
    MODEL.gguf(repo, 1, 10);
    repo.lfs("n-Q8_0.gguf", RepoContent.random(1, 1000)).commit("another");
    Failure failure = stage.fails(layers(repo, "0"));
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertTrue(failure.next().contains("--include"), failure.line());
    SyncResult one = stage.sync(layers(stage.asking(repo).include("m*").dryRun(), "0"));
    assertEquals(1, one.files().size());
  }

  @Test
  void formatsBesideTheModelAreLeftOut() {
    HubRepo repo = repo();
    repo.lfs("consolidated.safetensors", RepoContent.random(1, 1000))
        .lfs("original/consolidated.00.pth", RepoContent.random(2, 1000))
        .lfs("onnx/model.onnx", RepoContent.random(3, 1000))
        .lfs("figure.png", RepoContent.random(4, 1000))
        .commit("more");
    SyncResult result = stage.sync(layers(stage.asking(repo).dryRun(), "31"));
    assertEquals(
        Set.of(
            "README.md",
            "config.json",
            "figure.png",
            "model.safetensors.index.json",
            "model-00008-of-00008.safetensors"),
        result.files().stream().map(f -> f.path().value()).collect(Collectors.toSet()));
  }

  @Test
  void layersThatAreNotThereAreUsage() throws IOException {
    HubRepo repo = repo();
    Failure failure = stage.fails(layers(repo, "30-32"));
    assertInstanceOf(Failure.Usage.class, failure);
    assertEquals("the model has no layer 32: its layers are 0 to 31", failure.what());
    assertInstanceOf(Failure.Usage.class, stage.fails(share(stage.asking(repo), "1/33")));
    stage.assertNothingVisible(repo);
  }

  @Test
  void withoutAnIndexHeadersTellWhichTensorIsWhere() throws IOException {
    HubRepo repo = repo();
    // Not a part of the model.
    repo.remove("model.safetensors.index.json")
        .lfs("adapter.safetensors", RepoContent.random(1, 1000))
        .commit("without");
    SyncResult result = stage.sync(layers(repo, "8-15"));
    Set<String> needed = tensors(8, 15);
    Set<String> files = holding(needed);
    files.remove("model.safetensors.index.json");
    assertEquals(files, files(result.path()));
    assertEquals(bytes(needed), result.shard().orElseThrow().needed().bytes());

    HubRepo one = stage.hub().model("exo/one");
    one.lfs("model.safetensors", LayeredModel.file(MODEL.tensors(), 1)).commit("one file");
    assertEquals(Set.of("model.safetensors"), files(stage.sync(layers(one, "3")).path()));

    HubRepo named = stage.hub().model("exo/named");
    List<List<LayeredModel.Tensor>> parts = LayeredModel.cut(MODEL.tensors(), 2);
    named
        .lfs("weights.00.safetensors", LayeredModel.file(parts.getFirst(), 1))
        .lfs("weights.01.safetensors", LayeredModel.file(parts.getLast(), 2))
        .commit("other names");
    assertEquals(Set.of("weights.01.safetensors"), files(stage.sync(layers(named, "31")).path()));
  }

  @Test
  void filesThatAreNotOneModelWithoutAnIndexAreNotFound() throws IOException {
    HubRepo repo = repo();
    repo.remove("model.safetensors.index.json")
        .remove("model-00003-of-00008.safetensors")
        .commit("a part is missing");
    Failure failure = stage.fails(layers(repo, "0"));
    assertInstanceOf(Failure.NotFound.class, failure);
    assertEquals("a model of 8 parts, of which 7 are chosen", failure.what());
    for (int i = 1; i <= 8; i++) {
      if (i != 3) {
        repo.remove("model-%05d-of-00008.safetensors".formatted(i));
      }
    }
    repo.lfs("a.safetensors", LayeredModel.file(MODEL.tensors(), 1))
        .lfs("b.safetensors", LayeredModel.file(MODEL.tensors(), 2))
        .commit("variants");
    failure = stage.fails(layers(repo, "0"));
    assertInstanceOf(Failure.NotFound.class, failure);
    assertTrue(failure.what().contains("no model.safetensors.index.json"), failure.what());
    repo.remove("a.safetensors").remove("b.safetensors").git("x.txt", "x").commit("no weights");
    assertInstanceOf(Failure.NotFound.class, stage.fails(layers(repo, "0")));
    stage.assertNothingVisible(repo);
  }

  @Test
  void anIndexThatNamesWhatIsNotThereIsRefused() throws IOException {
    HubRepo repo = repo();
    repo.git(
            "model.safetensors.index.json",
            "{\"weight_map\": {\"model.layers.0.x\": \"../../secret.safetensors\"}}")
        .commit("hostile");
    Failure failure = stage.fails(layers(repo, "0"));
    assertInstanceOf(Failure.NotFound.class, failure);
    repo.git(
            "model.safetensors.index.json",
            "{\"weight_map\": {\"model.layers.0.x\": \"model-00001-of-00008.safetensors\"}}")
        .commit("lie");
    assertInstanceOf(Failure.Integrity.class, stage.fails(layers(repo, "0")));
    stage.assertNothingVisible(repo);
  }

  static List<Fault> troubles() {
    return List.of(
        new Fault.IgnoreRange(),
        new Fault.WrongContentRange(8),
        new Fault.CutAfter(7),
        new Fault.TruncatedBody(50, Fault.Framing.CHUNKED_CLOSED),
        new Fault.TruncatedBody(0, Fault.Framing.LENGTH),
        new Fault.Garbage(),
        Fault.status(503));
  }

  @ParameterizedTest
  @MethodSource("troubles")
  void headersComeThroughTroublesOfTheHub(Fault fault) throws IOException {
    HubRepo repo = stage.hub().model("exo/one");
    repo.lfs("model.safetensors", LayeredModel.file(MODEL.tensors(), 1)).commit("one file");
    FaultRule rule = stage.hub().faults().on(Where.CDN).nth(1).then(fault);
    SyncResult result = stage.sync(layers(repo, "8-15"));
    assertEquals(1, rule.fired());
    assertEquals(bytes(tensors(8, 15)), result.shard().orElseThrow().needed().bytes());
    SyncStage.assertWhole(repo, result.path());
  }

  @Test
  void aHubThatIgnoresRangesIsAskedForHeadersAllTheSame() throws IOException {
    HubRepo repo = stage.hub().model("exo/long");
    // Of which the end is asked for by itself.
    List<LayeredModel.Tensor> wide = new LayeredModel(400, 8).tensors();
    repo.lfs("model.safetensors", LayeredModel.file(wide, 3)).commit("one");
    stage.hub().faults().on(Where.CDN).then(new Fault.IgnoreRange());
    SyncResult result = stage.sync(layers(stage.asking(repo).dryRun(), "399"));
    assertEquals(7, result.shard().orElseThrow().needed().count());
  }

  @Test
  void headersThatLieAreRefusedAndNothingIsVisible() throws IOException {
    byte[] endless = new byte[200];
    java.util.Arrays.fill(endless, 0, 8, (byte) 0x7f);
    for (byte[] bad :
        List.of(
            new byte[3],
            endless,
            LayeredModel.header(
                "{\"model.layers.0.x\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}}"))) {
      HubRepo repo = stage.hub().model("exo/bad");
      repo.lfs("model.safetensors", RepoContent.of(bad)).commit("bad");
      Failure failure = stage.fails(layers(repo, "0"));
      assertInstanceOf(Failure.Integrity.class, failure);
      assertEquals("model.safetensors", failure.where());
      stage.assertNothingVisible(repo);
    }
    HubRepo gguf = stage.hub().model("exo/badgguf");
    gguf.lfs("m.gguf", RepoContent.random(1, 5000)).commit("bad");
    assertInstanceOf(Failure.Integrity.class, stage.fails(layers(gguf, "0")));
  }
}
