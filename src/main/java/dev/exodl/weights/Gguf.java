package dev.exodl.weights;

import dev.exodl.model.ByteRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Headers of GGUF files, versions 2 and 3 (ggml, {@code docs/gguf.md}): key-values, of which only
 * the alignment matters here, and infos of tensors, whose data follow each other with padding.
 */
public final class Gguf {
  /** Tokenizers of large vocabularies make a header of ten megabytes or so. */
  public static final long LONGEST_HEADER = 100_000_000;

  private static final int MAGIC = 0x46554747;
  private static final int FEWEST_BYTES_OF_A_PAIR = 13;
  private static final int FEWEST_BYTES_OF_AN_INFO = 24;
  private static final int MOST_DIMENSIONS = 8;
  private static final long USUAL_ALIGNMENT = 32;
  private static final long LARGEST_ALIGNMENT = 1 << 24;

  private Gguf() {}

  /** A tensor as its info tells it; {@code offset} counts from where the data begin. */
  private record Info(String name, GgufType type, List<Long> shape, long offset) {}

  /**
   * Reads and checks a header; empty when it goes on after these bytes. It does not tell its length
   * before it was read.
   *
   * @param file its name, for messages
   * @param beginning of the file
   * @throws dev.exodl.model.FailureException integrity failure that says what is wrong with it
   */
  public static Optional<Header> read(String file, byte[] beginning, long fileSize) {
    try {
      return Optional.of(read(file, new GgufBytes(file, beginning, fileSize), fileSize));
    } catch (GgufBytes.Ended e) {
      return Optional.empty();
    }
  }

  private static Header read(String file, GgufBytes bytes, long fileSize) throws GgufBytes.Ended {
    if (bytes.u32() != MAGIC) {
      throw Refusal.wrong(file, "it is no GGUF file");
    }
    int version = bytes.u32();
    if (version != 2 && version != 3) {
      throw Refusal.wrong(
          file,
          "it is GGUF of version "
              + (Integer.reverseBytes(version) == 3 ? "3 with the high bytes first" : version)
              + ", not 2 or 3");
    }
    long tensors = bytes.count(FEWEST_BYTES_OF_AN_INFO);
    Header.checkCount(file, tensors);
    long pairs = bytes.count(FEWEST_BYTES_OF_A_PAIR);
    long alignment = USUAL_ALIGNMENT;
    for (long i = 0; i < pairs; i++) {
      String key = bytes.text();
      long value = bytes.value(bytes.u32());
      if (key.equals("general.alignment")) {
        if (value < 1 || value > LARGEST_ALIGNMENT || Long.bitCount(value) != 1) {
          throw Refusal.wrong(file, "its alignment is no power of two");
        }
        alignment = value;
      }
    }
    List<Info> infos = new ArrayList<>();
    for (long i = 0; i < tensors; i++) {
      infos.add(info(file, bytes));
    }
    long dataStart = aligned(bytes.position(), alignment);
    if (dataStart > fileSize && !infos.isEmpty()) {
      throw Refusal.wrong(file, "its data would begin after its end");
    }
    infos.sort(Comparator.comparingLong(Info::offset));
    return new Header(
        Math.min(dataStart, fileSize),
        Map.of(),
        placed(file, infos, dataStart, alignment, fileSize));
  }

  private static Info info(String file, GgufBytes bytes) throws GgufBytes.Ended {
    String name = bytes.text();
    int dimensions = bytes.u32();
    if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
      throw Refusal.wrong(
          file,
          Refusal.named(name) + " has " + Integer.toUnsignedString(dimensions) + " dimensions");
    }
    List<Long> shape = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      long size = bytes.u64();
      if (size < 0) {
        throw Refusal.wrong(file, Refusal.named(name) + " is larger than any file");
      }
      shape.add(size);
    }
    GgufType type = GgufType.of(bytes.u32());
    long offset = bytes.u64();
    if (offset < 0) {
      throw Refusal.wrong(file, Refusal.named(name) + " begins after the file's end");
    }
    return new Info(name, type, shape, offset);
  }

  private static List<Tensor> placed(
      String file, List<Info> infos, long dataStart, long alignment, long fileSize) {
    long data = fileSize - dataStart;
    List<Tensor> tensors = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < infos.size(); i++) {
      Info info = infos.get(i);
      if (info.offset % alignment != 0) {
        throw Refusal.wrong(
            file, Refusal.named(info.name) + " does not begin at a multiple of " + alignment);
      }
      if (info.offset < at) {
        throw Refusal.wrong(file, Refusal.named(info.name) + " overlaps with the one before it");
      }
      if (info.offset - at >= alignment) {
        throw Refusal.wrong(
            file,
            (info.offset - at)
                + " bytes before "
                + Refusal.named(info.name)
                + " belong to no tensor");
      }
      long next = i + 1 < infos.size() ? infos.get(i + 1).offset : data;
      // Of a type that is not known the end is not either: up to the next one, padding included.
      long bytes = info.type.isKnown() ? bytes(file, info) : Math.max(0, next - info.offset);
      if (bytes > data - info.offset) {
        throw Refusal.wrong(
            file, Refusal.named(info.name) + " ends after the file of " + fileSize + " bytes");
      }
      at = info.offset + bytes;
      tensors.add(
          new Tensor(
              info.name,
              info.type.name(),
              info.shape,
              new ByteRange(dataStart + info.offset, dataStart + at)));
    }
    return tensors;
  }

  private static long bytes(String file, Info info) {
    try {
      long elements = 1;
      for (long size : info.shape) {
        elements = Math.multiplyExact(elements, size);
      }
      if (elements % info.type.elements() != 0) {
        throw Refusal.wrong(
            file,
            Refusal.named(info.name) + " is no whole number of blocks of " + info.type.name());
      }
      return Math.multiplyExact(elements / info.type.elements(), (long) info.type.bytes());
    } catch (ArithmeticException e) {
      throw Refusal.wrong(file, Refusal.named(info.name) + " is larger than any file", e);
    }
  }

  private static long aligned(long position, long alignment) {
    return (position + alignment - 1) / alignment * alignment;
  }
}
