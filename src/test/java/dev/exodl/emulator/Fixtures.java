package dev.exodl.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Fills repos with generated content; the same arguments always give the same bytes. Each makes one
 * commit.
 */
public final class Fixtures {

  private static final int LAYERS_PER_SHARD = 4;
  private static final long LFS_FROM = 10_000_000;
  private static final Set<String> LFS_ENDINGS =
      Set.of(
          "safetensors",
          "bin",
          "gguf",
          "onnx",
          "pt",
          "pth",
          "h5",
          "msgpack",
          "parquet",
          "zip",
          "gz",
          "png",
          "jpg");

  private Fixtures() {}

  /**
   * A model of safetensors shards (LFS) with index, config and tokenizer (git).
   *
   * @param size sum of the shards' sizes in bytes
   * @return the commit
   */
  public static String safetensorsModel(HubRepo repo, long size, int shards) {
    int layers = shards * LAYERS_PER_SHARD;
    var weights = new TreeMap<String, String>();
    long tensorBytes = 0;
    for (int i = 0; i < shards; i++) {
      var file =
          shards == 1
              ? "model.safetensors"
              : "model-%05d-of-%05d.safetensors".formatted(i + 1, shards);
      var names =
          SafetensorsFixture.names(i * LAYERS_PER_SHARD, (i + 1) * LAYERS_PER_SHARD, layers);
      long shardSize = size / shards + (i == shards - 1 ? size % shards : 0);
      var shard = SafetensorsFixture.create(names, shardSize, 1000 + i);
      repo.lfs(file, shard.content());
      names.forEach(name -> weights.put(name, file));
      tensorBytes += shard.tensorBytes();
    }
    if (shards > 1) {
      var index = Map.of("metadata", Map.of("total_size", tensorBytes), "weight_map", weights);
      repo.git("model.safetensors.index.json", Json.write(index));
    }
    return smallFilesOfAModel(repo, layers).commit("Add model of " + size + " bytes");
  }

  private static HubRepo smallFilesOfAModel(HubRepo repo, int layers) {
    var config = new LinkedHashMap<String, Object>();
    config.put("architectures", List.of("LlamaForCausalLM"));
    config.put("model_type", "llama");
    config.put("num_hidden_layers", layers);
    config.put("torch_dtype", "bfloat16");
    var vocabulary = new LinkedHashMap<String, Object>();
    for (int i = 0; i < 2000; i++) {
      vocabulary.put("token" + i, i);
    }
    return repo.git("config.json", Json.write(config))
        .git(
            "tokenizer.json",
            Json.write(
                Map.of("version", "1.0", "model", Map.of("type", "BPE", "vocab", vocabulary))))
        .git("tokenizer_config.json", "{\"model_max_length\": 4096}\n")
        .git("generation_config.json", "{\"do_sample\": true}\n")
        .git(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
        .git("README.md", "---\nlicense: apache-2.0\n---\n# A generated model\n");
  }

  /** A repo of one GGUF file of about the given size. */
  public static String ggufModel(HubRepo repo, long size) {
    int layers = 8;
    long elements = Math.max(16, size / layers / 2 / 16 * 16);
    return repo.lfs("model.gguf", GgufFixture.create(layers, elements, 7))
        .git("README.md", "# GGUF\n")
        .commit("Add GGUF");
  }

  /**
   * Many files of 20 bytes to 2 kB, all different, half of them in folders of a hundred; git or
   * LFS.
   */
  public static String manySmallFiles(HubRepo repo, int count, boolean lfs) {
    for (int i = 0; i < count; i++) {
      var folder = i % 2 == 0 ? "" : "part-%02d/sub/".formatted(i / 200);
      var path = folder + "file-%05d.json".formatted(i);
      var content =
          RepoContent.text("{\"number\": %06d}\n%s".formatted(i, "x".repeat(i * 37 % 2000)));
      if (lfs) {
        repo.lfs(path, content);
      } else {
        repo.git(path, content);
      }
    }
    return repo.commit("Add " + count + " small files");
  }

  /**
   * One harmless file, {@code good.txt}, and files by names that are put into the listing as given.
   */
  public static String hostile(HubRepo repo, List<String> names) {
    repo.git("good.txt", "good");
    for (var name : names) {
      repo.git(name, "from " + name);
    }
    return repo.commit("Add hostile names");
  }

  /** Hostile names by what is wrong with them; each list is one repo's worth. */
  public static Map<String, List<String>> hostileNames() {
    var names = new LinkedHashMap<String, List<String>>();
    names.put("parent folder", List.of("../x"));
    names.put("parent folder inside", List.of("a/../../x"));
    names.put("parent folder that stays inside", List.of("a/../x"));
    names.put("parent folder alone", List.of(".."));
    names.put("absolute", List.of("/abs/x"));
    names.put("current folder", List.of("a/./x"));
    names.put("empty segment", List.of("a//x"));
    names.put("empty name", List.of(""));
    names.put("trailing slash", List.of("a/"));
    names.put("NUL", List.of("a\0b"));
    names.put("line feed", List.of("a\nb"));
    names.put("escape sequence", List.of("a\u001b[31mb"));
    names.put("backslash", List.of("a\\b"));
    names.put("parent folder by backslash", List.of("..\\x"));
    names.put("drive", List.of("C:\\x"));
    names.put("drive without slash", List.of("C:x"));
    names.put("UNC", List.of("\\\\server\\share\\x"));
    names.put("file and folder", List.of("x", "x/y"));
    names.put("case clash", List.of("Readme.md", "README.md"));
    names.put("case clash of folders", List.of("Dir/a", "dir/b"));
    names.put("composed and decomposed", List.of("\u00e9.txt", "e\u0301.txt"));
    names.put("long name", List.of("n".repeat(300)));
    names.put("long path", List.of("folder/".repeat(700) + "x"));
    names.put("reserved name", List.of("CON"));
    names.put("reserved name with ending", List.of("a/nul.txt"));
    names.put("trailing dot", List.of("name."));
    names.put("trailing blank", List.of("name "));
    names.put("stream", List.of("name:stream"));
    names.put("right-to-left override", List.of("abc\u202etxt.exe"));
    names.put("state of the client", List.of(".cache/huggingface/download/good.txt.metadata"));
    return names;
  }

  /** All files below a folder; those with endings of weights or over 10 MB are in LFS. */
  public static String folder(HubRepo repo, Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var path = folder.relativize(file).toString().replace('\\', '/');
        var ending = path.substring(path.lastIndexOf('.') + 1);
        if (Files.size(file) > LFS_FROM || LFS_ENDINGS.contains(ending)) {
          repo.lfs(path, RepoContent.file(file));
        } else {
          repo.git(path, RepoContent.of(Files.readAllBytes(file)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return repo.commit("Add files of a folder");
  }
}
