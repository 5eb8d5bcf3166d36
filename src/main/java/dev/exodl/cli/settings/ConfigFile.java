package dev.exodl.cli.settings;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The config file: one {@code key: value} a line, in YAML.
 *
 * @param path where it is, or would be
 * @param values raw text by key; empty when there is no file
 */
public record ConfigFile(Path path, boolean present, Map<String, Line> values) {
  /** A value and the line it stands in, from 1. */
  record Line(String text, int number) {}

  private static final long LARGEST = 1 << 20;

  /**
   * Reads the file that the environment names, else the one at the usual place if there is one.
   *
   * @throws FailureException usage failure that names file and line
   */
  static ConfigFile read(Map<String, String> environment, Expand expand) {
    String named = environment.getOrDefault("EXO_DL_CONFIG_FILE", "");
    if (!named.isBlank()) {
      Path path = Path.of(expand.apply(named)).toAbsolutePath();
      if (!Files.exists(path)) {
        throw bad(
            "there is no such config file",
            "EXO_DL_CONFIG_FILE=" + path,
            "make the file or unset the variable");
      }
      return parse(path);
    }
    String xdg = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path base = Path.of(xdg.startsWith("/") ? xdg : expand.apply("~/.config"));
    Path path = base.resolve("exo-dl").resolve("config.yaml");
    return Files.exists(path) ? parse(path) : new ConfigFile(path, false, Map.of());
  }

  private static ConfigFile parse(Path path) {
    String text;
    try {
      if (!Files.isRegularFile(path) || Files.size(path) > LARGEST) {
        throw bad("the config file is not a small regular file", path.toString(), "replace it");
      }
      text = Files.readString(path);
    } catch (CharacterCodingException e) {
      throw bad("the config file is not UTF-8 text", path.toString(), "save it as UTF-8");
    } catch (IOException e) {
      throw bad(
          "cannot read the config file: " + Printable.of(String.valueOf(e.getMessage())),
          path.toString(),
          "make it readable, or name another with EXO_DL_CONFIG_FILE");
    }
    return new ConfigFile(path, true, values(path, text));
  }

  private static Map<String, Line> values(Path path, String text) {
    Node root;
    try {
      root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw bad(
          "the config file is not YAML: " + Printable.of(String.valueOf(e.getProblem())),
          path + ":" + line,
          "write one 'key: value' a line");
    } catch (YAMLException e) {
      throw bad(
          "the config file is not YAML: " + Printable.of(String.valueOf(e.getMessage())),
          path.toString(),
          "write one 'key: value' a line");
    }
    Map<String, Line> values = new TreeMap<>();
    if (root == null) {
      return values;
    }
    if (!(root instanceof MappingNode mapping)) {
      throw bad("the config file holds no settings", path + ":1", "write one 'key: value' a line");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      int line = tuple.getKeyNode().getStartMark().getLine() + 1;
      String key = tuple.getKeyNode() instanceof ScalarNode name ? name.getValue() : "?";
      checkKey(path, line, key);
      if (!(tuple.getValueNode() instanceof ScalarNode value)) {
        throw bad("'" + key + "' has to be one value", path + ":" + line, "write 'key: value'");
      }
      if (values.containsKey(key)) {
        throw bad("'" + key + "' stands there twice", path + ":" + line, "remove one of them");
      }
      if (!value.getTag().equals(Tag.NULL)) {
        values.put(key, new Line(value.getValue(), line));
      }
    }
    return values;
  }

  private static void checkKey(Path path, int line, String key) {
    List<String> keys = Setting.ALL.stream().map(Setting::key).toList();
    if (keys.contains(key)) {
      return;
    }
    Optional<String> near = Suggest.nearest(key, keys);
    throw bad(
        "unknown setting '" + Printable.of(key) + "'",
        path + ":" + line,
        near.map(k -> "did you mean '" + k + "'?")
            .orElse("'exo-dl doctor' shows all settings once the line is removed"));
  }

  private static FailureException bad(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }
}
