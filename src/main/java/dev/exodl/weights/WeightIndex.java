package dev.exodl.weights;

import com.fasterxml.jackson.core.JsonToken;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A {@code model.safetensors.index.json}: which file holds which tensor.
 *
 * @param files the file's name, beside the index, by the tensor's; names are as they stand there,
 *     unchecked
 * @param totalSize bytes of all tensors, when the index tells
 */
public record WeightIndex(Map<String, String> files, OptionalLong totalSize) {
  public WeightIndex {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  /** The names of the weight files, each once. */
  public Set<String> names() {
    return new LinkedHashSet<>(files.values());
  }

  /**
   * Reads one.
   *
   * @param file its name, for messages
   * @throws dev.exodl.model.FailureException integrity failure when it is no index
   */
  public static WeightIndex read(String file, byte[] text) {
    Map<String, String> files = new LinkedHashMap<>();
    OptionalLong[] total = {OptionalLong.empty()};
    boolean[] found = {false};
    Json.object(
        file,
        text,
        0,
        text.length,
        (name, json) -> {
          boolean object = json.currentToken() == JsonToken.START_OBJECT;
          if (name.equals("weight_map") && object) {
            found[0] = true;
            Json.each(
                json,
                (tensor, value) -> {
                  if (value.currentToken() != JsonToken.VALUE_STRING) {
                    throw Refusal.wrong(file, Refusal.named(tensor) + " is in no file");
                  }
                  files.put(tensor, value.getText());
                  Header.checkCount(file, files.size());
                });
          } else if (name.equals("metadata") && object) {
            Json.each(
                json,
                (field, value) -> {
                  if (field.equals("total_size")
                      && value.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                    total[0] = OptionalLong.of(value.getLongValue());
                  }
                  value.skipChildren();
                });
          } else {
            json.skipChildren();
          }
        });
    if (!found[0] || files.isEmpty()) {
      throw Refusal.wrong(file, "it has no weight_map that says which tensor is in which file");
    }
    return new WeightIndex(files, total[0]);
  }
}
