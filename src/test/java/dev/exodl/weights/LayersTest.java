package dev.exodl.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.weights.Position.Shared;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayersTest {
  @Test
  void rangesIncludeBothEnds() {
    Layers layers = Layers.parse("--layers", "8-15, 3,0-1,Head,embed");
    assertEquals(
        List.of(new LayerRange(0, 1), new LayerRange(3, 3), new LayerRange(8, 15)),
        layers.ranges());
    assertEquals(Set.of(Shared.EMBED, Shared.NORM, Shared.HEAD), layers.named());
    assertEquals(11, layers.count());
    assertTrue(layers.contains(15));
    assertEquals("0-1,3,8-15,embed,head", layers.toString());
    assertEquals(layers, Layers.parse("--layers", layers.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "0-",
        "-3",
        "3-1",
        "a",
        "0..3",
        "1,1",
        "0-5,5-7",
        "4,0-9",
        "embed,embed",
        "1000000",
        "99999999999",
        "0-100000",
        "0x3"
      })
  void impossibleListsAreOneClearLine(String text) {
    Failure failure =
        assertThrows(FailureException.class, () -> Layers.parse("--layers", text)).failure();
    assertEquals(ExitCode.USAGE, failure.exitCode());
    assertEquals("--layers", failure.where());
    assertEquals(1, failure.line().lines().count());
  }

  @Test
  void layersThatTheModelDoesNotHaveAreNamed() {
    Layers layers = Layers.parse("--layers", "0-15,30-32");
    assertEquals(layers, layers.in("--layers", 33));
    assertEquals(
        "the model has no layer 32: its layers are 0 to 31",
        assertThrows(FailureException.class, () -> layers.in("--layers", 32)).failure().what());
  }

  @Test
  void shares() {
    assertEquals(new Shard(2, 4), Shard.parse("--shard", "2/4"));
    for (String bad : List.of("0/4", "5/4", "4", "1/0", "a/b", "-1/4", "1/4/2", "")) {
      Failure failure =
          assertThrows(FailureException.class, () -> Shard.parse("--shard", bad)).failure();
      assertEquals(ExitCode.USAGE, failure.exitCode());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "model.layers.17.mlp.up_proj.weight, 17",
    "blk.3.attn_q.weight, 3",
    "transformer.h.0.ln_1.bias, 0",
    "h.11.attn.c_attn.weight, 11",
    "language_model.model.layers.5.x, 5",
    "model.language_model.layers.5.x, 5",
    "gpt_neox.layers.2.attention.dense.weight, 2",
    "backbone.layers.9.mixer.D, 9",
    "model.layers.007.x, 7",
    "model.embed_tokens.weight, EMBED",
    "language_model.model.embed_tokens.weight, EMBED",
    "token_embd.weight, EMBED",
    "transformer.wte.weight, EMBED",
    "model.norm.weight, NORM",
    "transformer.ln_f.weight, NORM",
    "output_norm.weight, NORM",
    "lm_head.weight, HEAD",
    "output.weight, HEAD",
    "rope_freqs.weight, OTHER",
    "vision_tower.vision_model.encoder.layers.3.mlp.fc1.weight, OTHER",
    "visual.blocks.3.attn.qkv.weight, OTHER",
    "multi_modal_projector.linear_1.weight, OTHER",
    "model.layers.999999.x, OTHER",
    "model.layers.99999999999.x, OTHER",
    "model.layers.x.y, OTHER",
    "'', OTHER"
  })
  void aNameTellsThePosition(String name, String position) {
    assertEquals(
        position,
        switch (Position.of(name)) {
          case Position.Layer layer -> Integer.toString(layer.number());
          case Shared shared -> shared.name();
        });
  }
}
