package dev.exodl.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;

/** What a {@code config.json} says of a model's layers. */
public final class ModelConfig {
  private static final Set<String> COUNTS =
      Set.of("num_hidden_layers", "n_layer", "n_layers", "num_layers");

  /** Where multimodal models keep what is said of their language model. */
  private static final Set<String> INNER =
      Set.of("text_config", "llm_config", "language_config", "thinker_config");

  private ModelConfig() {}

  /**
   * How many layers the (language) model has; empty when that is not told.
   *
   * @param file its name, for messages
   * @throws dev.exodl.model.FailureException integrity failure when it is no JSON object
   */
  public static OptionalInt layers(String file, byte[] text) {
    Found found = new Found();
    Json.python(file, text, (name, json) -> found.field(name, json, 0));
    int layers = found.inner > 0 ? found.inner : found.outer;
    return layers > 0 ? OptionalInt.of(layers) : OptionalInt.empty();
  }

  private static final class Found {
    int outer;
    int inner;

    void field(String name, JsonParser json, int depth) throws IOException {
      if (COUNTS.contains(name) && json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        long number = json.getValueAsLong();
        int count = number > 0 && number <= Layers.MOST ? (int) number : 0;
        if (depth == 0) {
          outer = Math.max(outer, count);
        } else {
          inner = Math.max(inner, count);
        }
      } else if (INNER.contains(name) && json.currentToken() == JsonToken.START_OBJECT) {
        Json.each(json, (below, value) -> field(below, value, depth + 1));
      } else {
        json.skipChildren();
      }
    }
  }
}
