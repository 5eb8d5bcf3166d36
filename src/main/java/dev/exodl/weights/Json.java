package dev.exodl.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.util.Arrays;

/** JSON that is in memory, read as a stream: nothing after the end. */
final class Json {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Names of tensors are all different: a table of them is of no use.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /** As Python reads and writes it: with Infinity and NaN, and of two same keys the last counts. */
  private static final JsonFactory PYTHON =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Reads the fields of the object that the text is; called with the parser at a field's value. */
  interface Fields {
    void field(String name, JsonParser json) throws IOException;
  }

  private Json() {}

  /**
   * Reads an object, without a key that stands twice, and nothing else.
   *
   * @param file named in the failure
   * @throws dev.exodl.model.FailureException integrity failure when the text is not that
   */
  static void object(String file, byte[] text, int from, int length, Fields fields) {
    object(JSON, file, text, from, length, fields);
  }

  /**
   * As the other, of what may be as Python takes it for right.
   *
   * @throws dev.exodl.model.FailureException as the other
   */
  static void python(String file, byte[] text, Fields fields) {
    object(PYTHON, file, text, 0, text.length, fields);
  }

  private static void object(
      JsonFactory format, String file, byte[] text, int from, int length, Fields fields) {
    // A copy, since without a table of names Jackson (2.21) reads on after the end by as many bytes
    // as there are before the beginning.
    byte[] all = Arrays.copyOfRange(text, from, from + length);
    try (JsonParser json = format.createParser(all)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw Refusal.wrong(file, "it has something else where a JSON object has to be");
      }
      each(json, fields);
      if (json.nextToken() != null) {
        throw Refusal.wrong(file, "its JSON goes on after its end");
      }
    } catch (IOException e) {
      // Jackson's words; its reader of bytes in memory does no IO.
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw Refusal.wrong(file, "its JSON cannot be read: " + Printable.of(message), e);
    }
  }

  /** Calls for each field of the object that the parser is at the start of. */
  static void each(JsonParser json, Fields fields) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.field(name, json);
    }
  }
}
