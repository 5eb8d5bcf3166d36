package dev.exodl.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes what safetensors files of only some tensors begin with, and their index. */
public final class Repacked {
  /** Readers want the data of what they map to begin at a multiple of this. */
  private static final int ALIGNMENT = 8;

  private static final JsonFactory JSON = new JsonFactory();

  private interface Writing {
    void write(JsonGenerator json) throws IOException;
  }

  private Repacked() {}

  /**
   * The beginning of a file that has these tensors one after the other: length, JSON, and blanks up
   * to a multiple of eight.
   *
   * @param file where they come from, for messages
   */
  static byte[] header(String file, Map<String, String> metadata, List<Tensor> tensors) {
    metadata.forEach((key, value) -> checkText(file, key + value));
    tensors.forEach(t -> checkText(file, t.name()));
    byte[] text =
        json(
            json -> {
              json.writeStartObject();
              if (!metadata.isEmpty()) {
                json.writeObjectFieldStart("__metadata__");
                for (var entry : new TreeMap<>(metadata).entrySet()) {
                  json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
              }
              long at = 0;
              for (Tensor tensor : tensors) {
                json.writeObjectFieldStart(tensor.name());
                json.writeStringField("dtype", tensor.type());
                json.writeArrayFieldStart("shape");
                for (long size : tensor.shape()) {
                  json.writeNumber(size);
                }
                json.writeEndArray();
                json.writeArrayFieldStart("data_offsets");
                json.writeNumber(at);
                at += tensor.bytes();
                json.writeNumber(at);
                json.writeEndArray();
                json.writeEndObject();
              }
              json.writeEndObject();
            });
    int length = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] padded = Arrays.copyOf(text, length);
    Arrays.fill(padded, text.length, length, (byte) ' ');
    return ByteBuffer.allocate(Safetensors.LENGTH_BYTES + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(padded)
        .array();
  }

  /**
   * A {@code model.safetensors.index.json} of these tensors.
   *
   * @param files the file's name, beside the index, by the tensor's
   * @param totalSize bytes of all of them
   */
  public static byte[] index(Map<String, String> files, long totalSize) {
    return json(
        json -> {
          json.useDefaultPrettyPrinter();
          json.writeStartObject();
          json.writeObjectFieldStart("metadata");
          json.writeNumberField("total_size", totalSize);
          json.writeEndObject();
          json.writeObjectFieldStart("weight_map");
          for (var entry : new TreeMap<>(files).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private static byte[] json(Writing writing) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      try (JsonGenerator json = JSON.createGenerator(bytes)) {
        writing.write(json);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      // The builder of bytes in memory does no IO.
      throw new IllegalStateException(e);
    }
  }

  /** JSON can spell half of a surrogate pair, which has no bytes in UTF-8. */
  private static void checkText(String file, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw Refusal.wrong(file, "its header has a name that is no text: " + Printable.of(text));
    }
  }
}
