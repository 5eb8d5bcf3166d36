package dev.exodl.recipes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A YAML file, read strictly: no key twice, no types of its own. */
record YamlFile(List<Object> documents) {
  static YamlFile read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  static YamlFile parse(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Iterable<Object> all = new Yaml(new SafeConstructor(options)).loadAll(text);
    return new YamlFile(StreamSupport.stream(all.spliterator(), false).toList());
  }

  /** The only document, a mapping. */
  Map<?, ?> only() {
    if (documents.size() != 1) {
      throw new AssertionError(documents.size() + " documents");
    }
    return map(documents.getFirst());
  }

  static Map<?, ?> map(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new AssertionError("no mapping: " + value);
  }

  static List<?> list(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new AssertionError("no list: " + value);
  }

  /**
   * Scripts and command lines: of Kubernetes (command and args), GitHub (run), GitLab (script) and
   * cloud-init (runcmd, and files that begin with #!).
   */
  List<String> shellTexts() {
    List<String> texts = new ArrayList<>();
    documents.forEach(d -> collect(d, texts));
    return texts;
  }

  private static void collect(Object node, List<String> texts) {
    if (node instanceof List<?> list) {
      list.forEach(e -> collect(e, texts));
    } else if (node instanceof Map<?, ?> map) {
      if (map.get("command") instanceof List<?> command) {
        List<Object> words = new ArrayList<>(command);
        if (map.get("args") instanceof List<?> args) {
          words.addAll(args);
        }
        texts.add(quoted(words));
      }
      if (map.get("run") instanceof String run) {
        // What GitHub puts in before the shell sees it.
        texts.add(run.replaceAll("\\$\\{\\{[^}]*}}", "VALUE"));
      }
      if (map.get("script") instanceof List<?> script) {
        texts.add(script.stream().map(String::valueOf).collect(Collectors.joining("\n")) + "\n");
      }
      if (map.get("content") instanceof String content && content.startsWith("#!")) {
        texts.add(content);
      }
      if (map.get("runcmd") instanceof List<?> commands) {
        commands.forEach(c -> texts.add(c instanceof List<?> words ? quoted(words) : c.toString()));
      }
      map.values().forEach(v -> collect(v, texts));
    }
  }

  private static String quoted(List<?> words) {
    return words.stream()
        .map(w -> "'" + w.toString().replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
