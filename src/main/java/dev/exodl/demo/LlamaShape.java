package dev.exodl.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a Llama with sixteen layers, as wide as the asked size allows. Names and shapes
 * are those of transformers' {@code LlamaForCausalLM}.
 *
 * @param hidden width of a layer's state; a multiple of 16, so that each of 8 heads has an even
 *     width
 */
record LlamaShape(int hidden) {
  static final int LAYERS = 16;
  static final int HEADS = 8;
  static final int VOCABULARY = 1024;
  private static final int STEP = 2 * HEADS;

  /** A BF16 tensor. */
  record Tensor(String name, List<Integer> shape) {
    static Tensor of(String name, Integer... shape) {
      return new Tensor(name, List.of(shape));
    }

    long bytes() {
      return 2 * shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
    }
  }

  /** The widest model whose tensors have at most this many bytes; at least the narrowest. */
  static LlamaShape within(long bytes) {
    int narrow = 1;
    int wide = Integer.MAX_VALUE / STEP / 8;
    while (narrow < wide) {
      int middle = narrow + (wide - narrow + 1) / 2;
      if (new LlamaShape(middle * STEP).bytes() <= bytes) {
        narrow = middle;
      } else {
        wide = middle - 1;
      }
    }
    return new LlamaShape(narrow * STEP);
  }

  int intermediate() {
    return 3 * hidden;
  }

  /** Of all tensors together. */
  private double bytes() {
    double h = hidden;
    return 2 * (LAYERS * (13 * h * h + 2 * h) + 2 * VOCABULARY * h + h);
  }

  /** The tensors in the order of the model, cut into this many weight files. */
  List<List<Tensor>> shards(int number) {
    List<List<Tensor>> shards = new ArrayList<>();
    for (int shard = 0; shard < number; shard++) {
      List<Tensor> tensors = new ArrayList<>();
      if (shard == 0) {
        tensors.add(Tensor.of("model.embed_tokens.weight", VOCABULARY, hidden));
      }
      for (int layer = shard * LAYERS / number; layer < (shard + 1) * LAYERS / number; layer++) {
        tensors.addAll(layer(layer));
      }
      if (shard == number - 1) {
        tensors.add(Tensor.of("model.norm.weight", hidden));
        tensors.add(Tensor.of("lm_head.weight", VOCABULARY, hidden));
      }
      shards.add(List.copyOf(tensors));
    }
    return shards;
  }

  private List<Tensor> layer(int layer) {
    String in = "model.layers." + layer + ".";
    return List.of(
        Tensor.of(in + "input_layernorm.weight", hidden),
        Tensor.of(in + "mlp.down_proj.weight", hidden, intermediate()),
        Tensor.of(in + "mlp.gate_proj.weight", intermediate(), hidden),
        Tensor.of(in + "mlp.up_proj.weight", intermediate(), hidden),
        Tensor.of(in + "post_attention_layernorm.weight", hidden),
        Tensor.of(in + "self_attn.k_proj.weight", hidden, hidden),
        Tensor.of(in + "self_attn.o_proj.weight", hidden, hidden),
        Tensor.of(in + "self_attn.q_proj.weight", hidden, hidden),
        Tensor.of(in + "self_attn.v_proj.weight", hidden, hidden));
  }
}
