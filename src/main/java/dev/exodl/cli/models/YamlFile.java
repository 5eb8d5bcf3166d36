package dev.exodl.cli.models;

import dev.exodl.cli.settings.Suggest;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A small YAML file, read as nodes, so that no text makes an object of its own. All methods throw a
 * usage failure that names the file and, where there is one, the line.
 */
final class YamlFile {
  private static final long LARGEST = 1 << 20;

  private final Path path;
  private final String what;

  /**
   * A file that need not be there.
   *
   * @param what it is, as in "the model list"
   */
  YamlFile(Path path, String what) {
    this.path = path;
    this.what = what;
  }

  /** The whole file; null when it says nothing. */
  @Nullable Node read() {
    try {
      if (!Files.exists(path)) {
        throw bad(what + " is not there", 0, "name one, see 'exo-dl preload --help'");
      }
      if (!Files.isRegularFile(path) || Files.size(path) > LARGEST) {
        throw bad(what + " is not a small regular file", 0, "replace it");
      }
      return new Yaml(new LoaderOptions()).compose(new StringReader(Files.readString(path)));
    } catch (CharacterCodingException e) {
      throw bad(what + " is not UTF-8 text", 0, "save it as UTF-8");
    } catch (IOException e) {
      throw bad(
          "cannot read " + what + ": " + Printable.of(String.valueOf(e.getMessage())),
          0,
          "make it readable");
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw bad(
          what + " is not YAML: " + Printable.of(String.valueOf(e.getProblem())),
          line,
          "mend that line");
    } catch (YAMLException e) {
      throw bad(
          what + " is not YAML: " + Printable.of(String.valueOf(e.getMessage())), 0, "mend it");
    }
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** The values of a mapping by their keys, each at most once and one of the known. */
  Map<String, Node> mapping(@Nullable Node node, String of, List<String> known) {
    if (!(node instanceof MappingNode mapping)) {
      throw bad(
          of + " has to be 'key: value' lines",
          node == null ? 1 : line(node),
          "keys are " + String.join(", ", known));
    }
    Map<String, Node> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      String name = key instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (!known.contains(name)) {
        throw bad(
            "unknown key '" + Printable.of(name) + "' of " + of,
            line(key),
            Suggest.nearest(name, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("keys are " + String.join(", ", known)));
      }
      if (values.putIfAbsent(name, tuple.getValueNode()) != null) {
        throw bad("'" + name + "' stands there twice", line(key), "remove one of them");
      }
    }
    return values;
  }

  /** The entries of a list. */
  List<Node> list(Node node, String of) {
    if (!(node instanceof SequenceNode list)) {
      throw bad(of + " has to be a list", line(node), "begin each entry with '- '");
    }
    return list.getValue();
  }

  /** A text; a number or truth value is none, as it may not be written as it was meant. */
  String text(Node node, String of) {
    if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
      throw bad(of + " has to be a text", line(node), "write one value");
    }
    if (!scalar.getTag().equals(Tag.STR)) {
      String value = Printable.of(scalar.getValue());
      throw bad(
          of + " has to be a text, and YAML takes " + value + " for none",
          line(node),
          "put it in quotes: '" + value + "'");
    }
    return scalar.getValue();
  }

  /** Runs what throws a usage failure of its own, which is then told with the line. */
  <T> T at(Node node, java.util.function.Supplier<T> what) {
    try {
      return what.get();
    } catch (FailureException e) {
      throw bad(e.failure().what(), line(node), e.failure().next());
    } catch (IllegalArgumentException e) {
      throw bad(Printable.of(String.valueOf(e.getMessage())), line(node), "mend that line");
    }
  }

  /** A failure at a line from 1; 0 for the file. */
  FailureException bad(String wrong, int line, String next) {
    String where = Printable.of(path.toString()) + (line == 0 ? "" : ":" + line);
    return new FailureException(new Failure.Usage(wrong, where, next));
  }
}
