package dev.exodl.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The JSON that the hub answers about the demo model. Fields are those of the hub's API. */
final class HubAnswers {
  private HubAnswers() {}

  static ObjectNode info(DemoModel model) {
    ObjectNode info =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", DemoModel.REPO)
            .put("modelId", DemoModel.REPO)
            .put("sha", model.commit())
            .put("private", false)
            .put("gated", false)
            .put("disabled", false);
    ArrayNode siblings = info.putArray("siblings");
    model.files().forEach(f -> siblings.addObject().put("rfilename", f.path()));
    return info;
  }

  /** The listing; for an LFS file {@code oid} is that of the pointer which is in git. */
  static ArrayNode tree(DemoModel model) {
    ArrayNode tree = JsonNodeFactory.instance.arrayNode();
    for (DemoFile file : model.files()) {
      ObjectNode item =
          tree.addObject().put("type", "file").put("path", file.path()).put("size", file.size());
      switch (file) {
        case DemoFile.Small small -> item.put("oid", small.etag());
        case DemoFile.Weights weights -> {
          byte[] pointer = weights.pointer();
          item.put("oid", Hashes.gitBlob(pointer));
          item.putObject("lfs")
              .put("oid", weights.etag())
              .put("size", weights.size())
              .put("pointerSize", pointer.length);
        }
      }
    }
    return tree;
  }
}
