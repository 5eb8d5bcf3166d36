package dev.exodl.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.demo.LlamaShape.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The one repo of the demo hub at its one commit.
 *
 * @param commit 40 hexadecimal digits, made from the files' hashes
 * @param files in the order of their paths
 */
record DemoModel(String commit, List<DemoFile> files) {
  static final String REPO = "demo/tiny-llama";
  private static final int SHARDS = 4;
  private static final long SEED = 20_170_612;

  /** Makes the model, its weights in the folder, of about the given size in bytes. */
  static DemoModel make(Path folder, long bytes) throws IOException {
    LlamaShape shape = LlamaShape.within(bytes);
    List<DemoFile> files = new ArrayList<>();
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    long tensorBytes = 0;
    ObjectNode metadata = index.putObject("metadata");
    ObjectNode map = index.putObject("weight_map");
    List<List<Tensor>> shards = shape.shards(SHARDS);
    for (int i = 0; i < SHARDS; i++) {
      String name = String.format("model-%05d-of-%05d.safetensors", i + 1, SHARDS);
      files.add(ShardWriter.write(folder, name, shards.get(i), SEED + i));
      for (Tensor tensor : shards.get(i)) {
        map.put(tensor.name(), name);
        tensorBytes += tensor.bytes();
      }
    }
    metadata.put("total_size", tensorBytes);
    files.add(DemoFile.Small.of("model.safetensors.index.json", index.toPrettyString() + "\n"));
    files.add(
        DemoFile.Small.of(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n"));
    files.add(DemoFile.Small.of("README.md", README));
    files.add(DemoFile.Small.of("config.json", config(shape).toPrettyString() + "\n"));
    files.add(DemoFile.Small.of("tokenizer.json", tokenizer().toPrettyString() + "\n"));
    files.sort(Comparator.comparing(DemoFile::path));
    return new DemoModel(commit(files), List.copyOf(files));
  }

  private static final String README =
      """
      ---
      license: apache-2.0
      pipeline_tag: text-generation
      ---
      # tiny-llama

      Made by `exo-dl demo`. The weights are random numbers: it says nothing that makes sense.
      """;

  /** Of all files, in bytes. */
  long bytes() {
    return files.stream().mapToLong(DemoFile::size).sum();
  }

  Optional<DemoFile> file(String path) {
    return files.stream().filter(f -> f.path().equals(path)).findFirst();
  }

  private static ObjectNode config(LlamaShape shape) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putArray("architectures").add("LlamaForCausalLM");
    return config
        .put("model_type", "llama")
        .put("hidden_act", "silu")
        .put("hidden_size", shape.hidden())
        .put("intermediate_size", shape.intermediate())
        .put("max_position_embeddings", 2048)
        .put("num_attention_heads", LlamaShape.HEADS)
        .put("num_hidden_layers", LlamaShape.LAYERS)
        .put("num_key_value_heads", LlamaShape.HEADS)
        .put("rms_norm_eps", 1e-5)
        .put("tie_word_embeddings", false)
        .put("torch_dtype", "bfloat16")
        .put("vocab_size", LlamaShape.VOCABULARY);
  }

  private static ObjectNode tokenizer() {
    ObjectNode tokenizer = JsonNodeFactory.instance.objectNode().put("version", "1.0");
    tokenizer.putObject("pre_tokenizer").put("type", "Whitespace");
    ObjectNode model = tokenizer.putObject("model").put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab").put("<unk>", 0);
    for (int word = 1; word < LlamaShape.VOCABULARY; word++) {
      vocabulary.put("w" + word, word);
    }
    model.put("unk_token", "<unk>");
    return tokenizer;
  }

  private static String commit(List<DemoFile> files) {
    StringBuilder text = new StringBuilder();
    files.forEach(f -> text.append(f.etag()).append(' ').append(f.path()).append('\n'));
    MessageDigest digest = Hashes.gitBlob(text.length());
    return Hashes.hex(digest.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
