package dev.exodl.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Models whose layers straddle their weight files: tensors in the order of the model, cut into
 * files wherever that comes out even. BF16 or F16, pseudo-random.
 *
 * @param width of a layer's state: a matrix has its square of elements, two bytes each
 */
public record LayeredModel(int layers, int width) {
  private static final int ALIGNMENT = 32;

  private static final List<String> MATRICES =
      List.of("mlp.down_proj", "mlp.up_proj", "self_attn.k_proj", "self_attn.q_proj");

  private static final List<String> GGUF_MATRICES =
      List.of("ffn_down", "ffn_up", "attn_k", "attn_q");

  /** One of about so many bytes. */
  public static LayeredModel ofSize(int layers, long bytes) {
    int matrices = layers * MATRICES.size() + 2;
    return new LayeredModel(layers, (int) Math.sqrt(bytes / 2.0 / matrices));
  }

  /** A tensor of the model. */
  public record Tensor(String name, List<Long> shape) {
    public long bytes() {
      return 2 * shape.stream().reduce(1L, (a, b) -> a * b);
    }
  }

  /** All tensors under the names that transformers gives a Llama, in the order of the model. */
  public List<Tensor> tensors() {
    var all = new ArrayList<Tensor>();
    all.add(matrix("model.embed_tokens.weight"));
    for (int layer = 0; layer < layers; layer++) {
      var in = "model.layers." + layer + ".";
      all.add(vector(in + "input_layernorm.weight"));
      MATRICES.forEach(m -> all.add(matrix(in + m + ".weight")));
    }
    all.add(vector("model.norm.weight"));
    all.add(matrix("lm_head.weight"));
    return all;
  }

  /** All tensors under llama.cpp's names. */
  public List<Tensor> ggufTensors() {
    var all = new ArrayList<Tensor>();
    all.add(matrix("token_embd.weight"));
    for (int layer = 0; layer < layers; layer++) {
      var in = "blk." + layer + ".";
      all.add(vector(in + "attn_norm.weight"));
      GGUF_MATRICES.forEach(m -> all.add(matrix(in + m + ".weight")));
    }
    all.add(vector("output_norm.weight"));
    all.add(matrix("output.weight"));
    return all;
  }

  private Tensor matrix(String name) {
    return new Tensor(name, List.of((long) width, (long) width));
  }

  private Tensor vector(String name) {
    return new Tensor(name, List.of((long) width));
  }

  /** Commits it as safetensors with an index, config and README; gives the commit. */
  public String safetensors(HubRepo repo, int files) {
    var places = new TreeMap<String, String>();
    long total = 0;
    var parts = cut(tensors(), files);
    for (int i = 0; i < files; i++) {
      var name = "model-%05d-of-%05d.safetensors".formatted(i + 1, files);
      repo.lfs(name, file(parts.get(i), 100 + i));
      for (var tensor : parts.get(i)) {
        places.put(tensor.name(), name);
        total += tensor.bytes();
      }
    }
    return repo.git(
            "model.safetensors.index.json",
            Json.write(Map.of("metadata", Map.of("total_size", total), "weight_map", places)))
        .git("config.json", "{\"model_type\": \"llama\", \"num_hidden_layers\": " + layers + "}")
        .git("README.md", "# Layers\n")
        .commit("Add a model of " + layers + " layers");
  }

  /** The tensors of each file. */
  public static List<List<Tensor>> cut(List<Tensor> all, int files) {
    var parts = new ArrayList<List<Tensor>>();
    for (int i = 0; i < files; i++) {
      parts.add(all.subList(i * all.size() / files, (i + 1) * all.size() / files));
    }
    return parts;
  }

  /** A safetensors file of these tensors. */
  public static RepoContent file(List<Tensor> tensors, long seed) {
    var header = new LinkedHashMap<String, Object>();
    header.put("__metadata__", Map.of("format", "pt"));
    long at = 0;
    for (var tensor : tensors) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("dtype", "BF16");
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", List.of(at, at + tensor.bytes()));
      header.put(tensor.name(), entry);
      at += tensor.bytes();
    }
    return RepoContent.joined(
        RepoContent.of(header(Json.write(header))), RepoContent.random(seed, at));
  }

  /** The length and the text, as a safetensors file begins. */
  public static byte[] header(String json) {
    var text = json.getBytes(StandardCharsets.UTF_8);
    int length = (text.length + 7) / 8 * 8;
    var head = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(length).put(text);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    return head.array();
  }

  /**
   * Commits it as GGUF, in parts when there are several; gives the commit.
   *
   * @param words in the tokenizer's vocabulary, which is in the first header
   */
  public String gguf(HubRepo repo, int files, int words) {
    var parts = cut(ggufTensors(), files);
    for (int i = 0; i < files; i++) {
      var name = files == 1 ? "m.gguf" : "m-%05d-of-%05d.gguf".formatted(i + 1, files);
      repo.lfs(name, ggufFile(parts.get(i), i == 0 ? words : 0, 200 + i));
    }
    return repo.git("README.md", "# GGUF\n").commit("Add GGUF of " + layers + " layers");
  }

  /** A GGUF file of these tensors, with a vocabulary of so many words. */
  public static RepoContent ggufFile(List<Tensor> tensors, int words, long seed) {
    var head =
        ByteBuffer.allocate(4096 + words * 20 + tensors.size() * 128)
            .order(ByteOrder.LITTLE_ENDIAN);
    head.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3);
    head.putLong(tensors.size()).putLong(3);
    text(head, "general.architecture").putInt(8);
    text(head, "llama");
    text(head, "general.alignment").putInt(4).putInt(ALIGNMENT);
    text(head, "tokenizer.ggml.tokens").putInt(9).putInt(8).putLong(words);
    for (int i = 0; i < words; i++) {
      text(head, "word-" + i);
    }
    long at = 0;
    for (var tensor : tensors) {
      text(head, tensor.name()).putInt(tensor.shape().size());
      tensor.shape().forEach(head::putLong);
      head.putInt(1).putLong(at);
      at = aligned(at + tensor.bytes());
    }
    var bytes = new byte[(int) aligned(head.position())];
    head.flip().get(bytes, 0, head.limit());
    return RepoContent.joined(RepoContent.of(bytes), RepoContent.random(seed, at));
  }

  private static long aligned(long position) {
    return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static ByteBuffer text(ByteBuffer into, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return into.putLong(bytes.length).put(bytes);
  }
}
