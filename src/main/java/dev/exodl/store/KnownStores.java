package dev.exodl.store;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where other programs keep models on this host. Sources: huggingface_hub {@code constants.py}; exo
 * {@code shared/constants.py}; Ollama {@code docs/faq.md}; llama.cpp {@code common/common.cpp}; LM
 * Studio's documentation.
 */
public final class KnownStores {
  private final Map<String, String> environment;
  private final Path home;
  private final Set<Path> all = new LinkedHashSet<>();

  private KnownStores(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  /** All of them, whether they are there or not. */
  public static List<Path> in(Map<String, String> environment, Path home) {
    KnownStores stores = new KnownStores(environment, home);
    stores.hub();
    stores.exo();
    stores.others();
    return List.copyOf(stores.all);
  }

  /**
   * The folder that exo would put a model into: the first of those it writes to that is there, else
   * the one it makes.
   */
  public static Path exoModels(Map<String, String> environment, Path home) {
    KnownStores stores = new KnownStores(environment, home);
    Path usual = stores.exoDefault();
    stores.add(usual);
    stores.list("EXO_MODELS_DIRS");
    Set<Path> readOnly = new LinkedHashSet<>();
    stores.paths("EXO_MODELS_READ_ONLY_DIRS", readOnly);
    return stores.all.stream()
        .filter(path -> !readOnly.contains(path) && Files.isDirectory(path))
        .findFirst()
        .orElse(usual);
  }

  private Path exoDefault() {
    Path named = path("EXO_DEFAULT_MODELS_DIR");
    if (named != null) {
      return named;
    }
    String exoHome = environment.getOrDefault("EXO_HOME", "");
    Path data =
        exoHome.isBlank()
            ? xdg("XDG_DATA_HOME", ".local/share").resolve("exo")
            : home.resolve(exoHome);
    return data.resolve("models");
  }

  private void exo() {
    add(exoDefault());
    add(home.resolve(".local").resolve("share").resolve("exo").resolve("models"));
    add(home.resolve(".exo").resolve("models"));
    add(path("EXO_MODELS_DIR"));
    list("EXO_MODELS_DIRS");
    list("EXO_MODELS_READ_ONLY_DIRS");
  }

  private void hub() {
    add(path("HF_HUB_CACHE"));
    add(path("HUGGINGFACE_HUB_CACHE"));
    add(path(environment.getOrDefault("HF_HOME", ""), "hub"));
    add(xdg("XDG_CACHE_HOME", ".cache").resolve("huggingface").resolve("hub"));
    add(home.resolve(".cache").resolve("huggingface").resolve("hub"));
  }

  private void others() {
    add(path(environment.getOrDefault("OLLAMA_MODELS", ""), "blobs"));
    add(home.resolve(".ollama").resolve("models").resolve("blobs"));
    // Of the user that Ollama's own install script makes.
    add(Path.of("/usr/share/ollama/.ollama/models/blobs"));
    add(home.resolve(".lmstudio").resolve("models"));
    add(home.resolve(".cache").resolve("lm-studio").resolve("models"));
    add(path("LLAMA_CACHE"));
    add(xdg("XDG_CACHE_HOME", ".cache").resolve("llama.cpp"));
    add(home.resolve(".cache").resolve("llama.cpp"));
  }

  private void list(String variable) {
    paths(variable, all);
  }

  private void paths(String variable, Set<Path> into) {
    for (String text : environment.getOrDefault(variable, "").split(":", -1)) {
      Path path = path(text, "");
      if (path != null) {
        into.add(path);
      }
    }
  }

  private void add(@Nullable Path path) {
    if (path != null) {
      all.add(path);
    }
  }

  private @Nullable Path path(String variable) {
    return path(environment.getOrDefault(variable, ""), "");
  }

  /** The folder below what the text says, in which a leading {@code ~} is the home. */
  private @Nullable Path path(String text, String below) {
    if (text.isBlank()) {
      return null;
    }
    String expanded = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    try {
      return Path.of(expanded).resolve(below).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private Path xdg(String variable, String usual) {
    Path given = path(environment.getOrDefault(variable, ""), "");
    return given == null ? home.resolve(usual) : given;
  }

  /** The folder below the usual one for caches in which this program remembers digests. */
  public static Path memory(Map<String, String> environment, Path home) {
    KnownStores stores = new KnownStores(environment, home);
    return stores.xdg("XDG_CACHE_HOME", ".cache").resolve("exo-dl").resolve("digests");
  }
}
