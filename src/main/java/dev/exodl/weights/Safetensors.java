package dev.exodl.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Headers of safetensors files (huggingface/safetensors, {@code README.md}): eight bytes of length,
 * JSON, then the data, which the tensors fill without overlaps and holes.
 */
public final class Safetensors {
  /** The format's own library takes no longer one. */
  public static final long LONGEST_HEADER = 100_000_000;

  /** Bytes of the length that a file begins with. */
  public static final int LENGTH_BYTES = 8;

  /** No library has tensors of more; each costs a header two bytes, and the memory more. */
  private static final int MOST_DIMENSIONS = 64;

  /** Bits of an element. */
  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("BOOL", 8),
          Map.entry("U8", 8),
          Map.entry("I8", 8),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("U16", 16),
          Map.entry("I16", 16),
          Map.entry("F16", 16),
          Map.entry("BF16", 16),
          Map.entry("U32", 32),
          Map.entry("I32", 32),
          Map.entry("F32", 32),
          Map.entry("U64", 64),
          Map.entry("I64", 64),
          Map.entry("F64", 64),
          Map.entry("C64", 64));

  private Safetensors() {}

  /**
   * How many bytes of the file its header takes, the length itself included: what {@link #read}
   * wants.
   *
   * @param beginning eight bytes of the file or more
   * @throws dev.exodl.model.FailureException integrity failure when that cannot be
   */
  public static int headerBytes(String file, byte[] beginning, long fileSize) {
    if (fileSize < LENGTH_BYTES || beginning.length < LENGTH_BYTES) {
      throw Refusal.wrong(file, "it is too short for a safetensors file");
    }
    long length = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > LONGEST_HEADER) {
      throw Refusal.wrong(
          file, "its header would be " + Long.toUnsignedString(length) + " bytes, over 100 MB");
    }
    if (length > fileSize - LENGTH_BYTES) {
      throw Refusal.wrong(
          file, "its header would be " + length + " bytes in a file of " + fileSize);
    }
    return LENGTH_BYTES + (int) length;
  }

  /**
   * Reads and checks a header.
   *
   * @param file its name, for messages
   * @param beginning of the file, {@link #headerBytes} or more
   * @throws dev.exodl.model.FailureException integrity failure that says what is wrong with it
   */
  public static Header read(String file, byte[] beginning, long fileSize) {
    int end = headerBytes(file, beginning, fileSize);
    if (beginning.length < end) {
      throw new IllegalArgumentException(beginning.length + " bytes of a header of " + end);
    }
    if (end == LENGTH_BYTES || beginning[LENGTH_BYTES] != '{') {
      throw Refusal.wrong(file, "its header does not begin with {");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Tensor> tensors = new ArrayList<>();
    Json.object(
        file,
        beginning,
        LENGTH_BYTES,
        end - LENGTH_BYTES,
        (name, json) -> {
          if (name.equals("__metadata__")) {
            metadata(file, json, metadata);
          } else {
            tensors.add(tensor(file, name, json, end));
            Header.checkCount(file, tensors.size());
          }
        });
    tensors.sort(
        Comparator.comparingLong((Tensor t) -> t.at().offset())
            .thenComparingLong(t -> t.at().end()));
    covered(file, tensors, end, fileSize);
    return new Header(end, metadata, tensors);
  }

  private static void metadata(String file, JsonParser json, Map<String, String> into)
      throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Refusal.wrong(file, "its __metadata__ is no object");
    }
    Json.each(
        json,
        (name, value) -> {
          if (value.currentToken() != JsonToken.VALUE_STRING) {
            throw Refusal.wrong(file, "its __metadata__ has something that is no text");
          }
          into.put(name, value.getText());
        });
  }

  private static Tensor tensor(String file, String name, JsonParser json, long dataStart)
      throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Refusal.wrong(file, Refusal.named(name) + " is no object");
    }
    Entry entry = new Entry();
    Json.each(
        json,
        (field, value) -> {
          switch (field) {
            case "dtype" -> entry.type = value.getText();
            case "shape" -> entry.shape = numbers(file, name, value);
            case "data_offsets" -> entry.offsets = numbers(file, name, value);
            default -> value.skipChildren();
          }
        });
    String type = entry.type;
    List<Long> shape = entry.shape;
    List<Long> offsets = entry.offsets;
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw Refusal.wrong(file, Refusal.named(name) + " lacks dtype, shape or two data_offsets");
    }
    long begin = offsets.getFirst();
    long end = offsets.getLast();
    long bytes = bytes(file, name, type, shape);
    if (begin > end || end > Long.MAX_VALUE - dataStart) {
      throw Refusal.wrong(file, Refusal.named(name) + " has impossible data_offsets");
    }
    if (end - begin != bytes) {
      throw Refusal.wrong(
          file,
          Refusal.named(name)
              + (" has " + (end - begin) + " bytes, but its shape and " + type + " make ")
              + bytes);
    }
    return new Tensor(name, type, shape, new ByteRange(dataStart + begin, dataStart + end));
  }

  /** What was read of a tensor so far. */
  private static final class Entry {
    @Nullable String type;
    @Nullable List<Long> shape;
    @Nullable List<Long> offsets;
  }

  private static List<Long> numbers(String file, String name, JsonParser json) throws IOException {
    List<Long> numbers = new ArrayList<>();
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw Refusal.wrong(file, Refusal.named(name) + " has no array where one has to be");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      long number = json.currentToken() == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
      if (number < 0) {
        throw Refusal.wrong(
            file, Refusal.named(name) + " has a size or offset that is no whole number");
      }
      if (numbers.size() == MOST_DIMENSIONS) {
        throw Refusal.wrong(
            file, Refusal.named(name) + " has over " + MOST_DIMENSIONS + " dimensions");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private static long bytes(String file, String name, String type, List<Long> shape) {
    Integer bits = BITS.get(type);
    if (bits == null) {
      throw Refusal.wrong(
          file, Refusal.named(name) + " is of an unknown type, " + Printable.of(type));
    }
    try {
      long elements = 1;
      for (long size : shape) {
        elements = Math.multiplyExact(elements, size);
      }
      long all = Math.multiplyExact(elements, bits);
      if (all % 8 != 0) {
        throw Refusal.wrong(file, Refusal.named(name) + " is no whole number of bytes");
      }
      return all / 8;
    } catch (ArithmeticException e) {
      throw Refusal.wrong(file, Refusal.named(name) + " is larger than any file", e);
    }
  }

  private static void covered(String file, List<Tensor> tensors, long dataStart, long fileSize) {
    long at = dataStart;
    for (Tensor tensor : tensors) {
      if (tensor.at().end() > fileSize) {
        throw Refusal.wrong(
            file, Refusal.named(tensor.name()) + " ends after the file of " + fileSize + " bytes");
      }
      if (tensor.at().offset() < at) {
        throw Refusal.wrong(
            file, Refusal.named(tensor.name()) + " overlaps with the one before it");
      }
      if (tensor.at().offset() > at) {
        throw Refusal.wrong(
            file,
            (tensor.at().offset() - at)
                + " bytes before "
                + Refusal.named(tensor.name())
                + " belong to no tensor");
      }
      at = tensor.at().end();
    }
    if (at != fileSize) {
      throw Refusal.wrong(file, (fileSize - at) + " bytes at its end belong to no tensor");
    }
  }
}
