package dev.exodl.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownStoresTest {
  private static final Path HOME = Path.of("/home/me");
  @TempDir Path temp;

  private static List<String> in(Map<String, String> environment) {
    return KnownStores.in(environment, HOME).stream().map(Path::toString).toList();
  }

  @Test
  void areAtTheirUsualPlaces() {
    assertEquals(
        List.of(
            "/home/me/.cache/huggingface/hub",
            "/home/me/.local/share/exo/models",
            "/home/me/.exo/models",
            "/home/me/.ollama/models/blobs",
            "/usr/share/ollama/.ollama/models/blobs",
            "/home/me/.lmstudio/models",
            "/home/me/.cache/lm-studio/models",
            "/home/me/.cache/llama.cpp"),
        in(Map.of()));
  }

  @Test
  void areWhereTheEnvironmentSays() {
    List<String> found =
        in(
            Map.ofEntries(
                Map.entry("HF_HUB_CACHE", "/a/hub"),
                Map.entry("HUGGINGFACE_HUB_CACHE", "/b/hub"),
                Map.entry("HF_HOME", "~/hf"),
                Map.entry("XDG_CACHE_HOME", "/c"),
                Map.entry("XDG_DATA_HOME", "/d"),
                Map.entry("EXO_MODELS_DIRS", "/e1:~/e2:"),
                Map.entry("EXO_MODELS_READ_ONLY_DIRS", "/ro"),
                Map.entry("OLLAMA_MODELS", "/o"),
                Map.entry("LLAMA_CACHE", "/l")));
    for (String path :
        List.of(
            "/a/hub",
            "/b/hub",
            "/home/me/hf/hub",
            "/c/huggingface/hub",
            "/d/exo/models",
            "/e1",
            "/home/me/e2",
            "/ro",
            "/o/blobs",
            "/l",
            "/c/llama.cpp")) {
      assertTrue(found.contains(path), () -> path + " in " + found);
    }
    assertEquals(found.size(), found.stream().distinct().count());
  }

  @Test
  void exoWritesToTheFirstFolderThatIsThere() throws Exception {
    assertEquals(HOME.resolve(".local/share/exo/models"), KnownStores.exoModels(Map.of(), HOME));
    assertEquals(HOME.resolve("x/models"), KnownStores.exoModels(Map.of("EXO_HOME", "x"), HOME));
    Path there = Files.createDirectory(temp.resolve("there"));
    assertEquals(there, KnownStores.exoModels(Map.of("EXO_MODELS_DIRS", "/gone:" + there), HOME));
    assertEquals(
        HOME.resolve(".local/share/exo/models"),
        KnownStores.exoModels(
            Map.of(
                "EXO_MODELS_DIRS", there.toString(), "EXO_MODELS_READ_ONLY_DIRS", there.toString()),
            HOME));
    assertEquals(
        Path.of("/m"),
        KnownStores.exoModels(Map.of("EXO_DEFAULT_MODELS_DIR", "/m", "EXO_HOME", "x"), HOME));
  }
}
