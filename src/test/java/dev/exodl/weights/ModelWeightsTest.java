package dev.exodl.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ByteRange;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelWeightsTest {
  private static WeightFile file(String path, String... names) {
    List<Tensor> tensors = new ArrayList<>();
    long at = 100;
    for (String name : names) {
      tensors.add(new Tensor(name, "U8", List.of(10L), new ByteRange(at, at + 10)));
      at += 10;
    }
    return new WeightFile(path, at, new Header(100, Map.of(), tensors));
  }

  private static ModelWeights model(String... names) {
    return ModelWeights.of(List.of(file("m", names)), Map.of(), "", OptionalInt.empty());
  }

  private static List<String> needed(ModelWeights model, String layers, boolean withShared) {
    return model.needed(Layers.parse("--layers", layers), withShared).tensors().values().stream()
        .flatMap(List::stream)
        .map(Tensor::name)
        .toList();
  }

  private static final String[] ALL = {
    "model.embed_tokens.weight",
    "model.layers.0.a",
    "model.layers.1.a",
    "model.layers.2.a",
    "model.norm.weight",
    "lm_head.weight",
    "vision_tower.x"
  };

  @Test
  void whatHasNoLayerGoesWhereItIsNeeded() {
    ModelWeights model = model(ALL);
    assertEquals(3, model.layers());
    assertEquals(
        List.of("model.embed_tokens.weight", "model.layers.0.a", "vision_tower.x"),
        needed(model, "0", false));
    assertEquals(List.of("model.layers.1.a"), needed(model, "1", false));
    assertEquals(
        List.of("model.layers.2.a", "model.norm.weight", "lm_head.weight"),
        needed(model, "2", false));
    assertEquals(
        List.of("model.layers.1.a", "model.norm.weight", "lm_head.weight"),
        needed(model, "1,head", false));
    assertEquals(List.of("model.embed_tokens.weight"), needed(model, "embed", false));
    assertEquals(
        List.of(
            "model.embed_tokens.weight",
            "model.layers.1.a",
            "model.norm.weight",
            "lm_head.weight",
            "vision_tower.x"),
        needed(model, "1", true));
    assertEquals(List.of(30L, 10L, 30L), model.layerBytes());
    assertEquals(70, model.bytes());
  }

  @Test
  void aHeadThatIsTiedToTheEmbeddingsNeedsThem() {
    ModelWeights model = model("model.embed_tokens.weight", "model.layers.0.a", "model.layers.1.a");
    assertEquals(
        List.of("model.embed_tokens.weight", "model.layers.1.a"), needed(model, "1", false));
    assertEquals(List.of(20L, 20L), model.layerBytes());
  }

  @Test
  void layersThatTheConfigDoesNotCountGoWithTheLast() {
    ModelWeights model = ModelWeights.of(List.of(file("m", ALL)), Map.of(), "", OptionalInt.of(2));
    assertEquals(
        List.of("model.layers.1.a", "model.layers.2.a", "model.norm.weight", "lm_head.weight"),
        needed(model, "1", false));
  }

  @Test
  void theIndexSaysWhichFileCounts() {
    ModelWeights model =
        ModelWeights.of(
            List.of(file("d/a", "h.0.x", "h.1.x"), file("d/b", "h.1.x")),
            Map.of("h.0.x", "a", "h.1.x", "b"),
            "d/",
            OptionalInt.empty());
    Needed needed = model.needed(Layers.parse("--layers", "1"), false);
    assertEquals(List.of("d/b"), needed.files().stream().map(WeightFile::path).toList());
    assertEquals(10, needed.bytes());
    assertEquals(110, needed.fileBytes());
  }

  @Test
  void contradictionsAreRefused() {
    assertRefused("is also in a", Map.of(), file("a", "h.0.x"), file("b", "h.0.x"));
    assertRefused("is in it twice", Map.of(), file("a", "h.0.x", "h.0.x"));
    assertRefused("though the index says so", Map.of("h.1.x", "a"), file("a", "h.0.x"));
  }

  @Test
  void aModelWithoutLayersIsNoFaultOfItsOwner() {
    Failure failure = refused(Map.of(), file("a", "x"));
    assertEquals(ExitCode.NOT_FOUND, failure.exitCode());
    assertTrue(failure.what().contains("no name of a tensor tells a layer"), failure.line());
  }

  private static Failure refused(Map<String, String> index, WeightFile... files) {
    return assertThrows(
            FailureException.class,
            () -> ModelWeights.of(List.of(files), index, "", OptionalInt.empty()))
        .failure();
  }

  private static void assertRefused(String what, Map<String, String> index, WeightFile... files) {
    Failure failure = refused(index, files);
    assertEquals(ExitCode.INTEGRITY, failure.exitCode());
    assertTrue(failure.what().contains(what), failure.line());
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anIndexIsRead() {
    WeightIndex index =
        WeightIndex.read(
            "i", bytes("{'metadata':{'total_size':7,'x':[]},'weight_map':{'t':'f','u':'f'}}"));
    assertEquals(new WeightIndex(Map.of("t", "f", "u", "f"), OptionalLong.of(7)), index);
    assertEquals(Set.of("f"), index.names());
    for (String bad :
        List.of(
            "{}",
            "{'weight_map':{}}",
            "{'weight_map':[]}",
            "{'weight_map':{'t':1}}",
            "{'weight_map':{'t':'f','t':'g'}}",
            "[]",
            "")) {
      assertThrows(FailureException.class, () -> WeightIndex.read("i", bytes(bad)), bad);
    }
  }

  @Test
  void aConfigTellsTheLayers() {
    assertEquals(OptionalInt.of(32), ModelConfig.layers("c", bytes("{'num_hidden_layers':32}")));
    assertEquals(OptionalInt.of(12), ModelConfig.layers("c", bytes("{'n_layer':12,'x':{}}")));
    assertEquals(
        OptionalInt.of(40),
        ModelConfig.layers(
            "c",
            bytes(
                "{'vision_config':{'num_hidden_layers':24},'text_config':{'num_hidden_layers':40}}")));
    for (String none : List.of("{}", "{'num_hidden_layers':-1}", "{'num_hidden_layers':'a'}")) {
      assertEquals(OptionalInt.empty(), ModelConfig.layers("c", bytes(none)), none);
    }
    assertThrows(FailureException.class, () -> ModelConfig.layers("c", bytes("[]")));
    assertThrows(FailureException.class, () -> ModelConfig.layers("c", bytes("{'a':Endless}")));
  }

  @Test
  void aConfigMayBeAsPythonWritesIt() {
    String config =
        "{'time_step_limit':[0.0,Infinity],'x':-Infinity,'y':NaN,'x':1,'num_hidden_layers':52}";
    assertEquals(OptionalInt.of(52), ModelConfig.layers("c", bytes(config)));
  }

  @Test
  void aNameThatNeverEndsIsSomethingElse() {
    assertEquals(Position.Shared.OTHER, Position.of("model.".repeat(1_000_000) + "layers.0.a"));
    assertEquals(new Position.Layer(7), Position.of("model.".repeat(100) + "layers.007.a"));
  }
}
