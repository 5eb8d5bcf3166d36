package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.show.Amounts;
import dev.exodl.cli.show.Table;
import dev.exodl.download.ShardChoice;
import dev.exodl.download.SplitResult;
import dev.exodl.weights.Position.Shared;
import dev.exodl.weights.WeightFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells which layers each node has. */
final class SplitOutcome {
  private SplitOutcome() {}

  static String text(SplitResult split) {
    Table nodes =
        new Table("NODE", "LAYERS", "TENSORS", "BYTES", "FILES", "WHOLE FILES")
            .right(0)
            .right(2)
            .right(3)
            .right(4)
            .right(5);
    for (int i = 0; i < split.nodes().size(); i++) {
      ShardChoice node = split.nodes().get(i);
      List<String> words = new ArrayList<>();
      words.add(node.layers().toString());
      words.addAll(shared(node));
      nodes.row(
          Integer.toString(i + 1),
          String.join(" + ", words),
          Integer.toString(node.needed().count()),
          Amounts.bytes(node.needed().bytes()),
          Integer.toString(node.needed().files().size()),
          Amounts.bytes(node.needed().fileBytes()));
    }
    return "\nsplit "
        + split.how().word()
        + ": "
        + (split.model().layers() == 1 ? "1 layer" : split.model().layers() + " layers")
        + ", "
        + Amounts.bytes(split.model().bytes())
        + " of tensors in "
        + Amounts.files(split.model().files().size())
        + "\n\n"
        + nodes;
  }

  static ObjectNode object(SplitResult split) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("how", split.how().word())
            .put("layers", split.model().layers())
            .put("tensorBytes", split.model().bytes())
            .put("weightFiles", split.model().files().size());
    ArrayNode nodes = object.putArray("nodes");
    split.nodes().forEach(node -> nodes.add(object(node)));
    return object;
  }

  /** What a node needs. */
  static ObjectNode object(ShardChoice choice) {
    ObjectNode object =
        JsonNodeFactory.instance.objectNode().put("layers", choice.layers().toString());
    ArrayNode shared = object.putArray("shared");
    shared(choice).forEach(shared::add);
    object.put("tensors", choice.needed().count()).put("tensorBytes", choice.needed().bytes());
    ArrayNode files = object.putArray("files");
    for (WeightFile file : choice.needed().files()) {
      files.add(file.path());
    }
    return object.put("fileBytes", choice.needed().fileBytes());
  }

  /** What the node has of that which belongs to no layer. */
  private static List<String> shared(ShardChoice choice) {
    return choice.needed().tensors().values().stream()
        .flatMap(List::stream)
        .map(choice.model()::position)
        .filter(Shared.class::isInstance)
        .map(Shared.class::cast)
        .distinct()
        .sorted()
        .map(s -> s.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
