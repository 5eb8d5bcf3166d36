package dev.exodl.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of a GGUF file, read in order. Lengths and counts are what somebody wrote: nothing
 * is made as large as they say before the bytes are there.
 */
final class GgufBytes {
  /** What is read goes on after what is there. */
  static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("the header goes on", null, false, false);
    }
  }

  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int DEEPEST = 4;

  /** Bytes of a value by its type; strings and arrays have others. */
  private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 8, 8, 8, 8, 8};

  private final String file;
  private final ByteBuffer bytes;
  private final long fileSize;

  GgufBytes(String file, byte[] beginning, long fileSize) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN);
    this.fileSize = fileSize;
  }

  long position() {
    return bytes.position();
  }

  int u32() throws Ended {
    need(4);
    return bytes.getInt();
  }

  long u64() throws Ended {
    need(8);
    return bytes.getLong();
  }

  /** How many things follow, each of which takes so many bytes or more. */
  long count(int eachAtLeast) throws Ended {
    long count = u64();
    if (count < 0 || count > (limit() - position()) / eachAtLeast) {
      throw Refusal.wrong(
          file, "its header would hold " + Long.toUnsignedString(count) + " things: more than fit");
    }
    return count;
  }

  String text() throws Ended {
    int length = (int) count(1);
    need(length);
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** A value of the type, when it is a whole number of 32 bits; anything else is passed over. */
  long value(int type) throws Ended {
    if (type == 4 || type == 5) {
      return Integer.toUnsignedLong(u32());
    }
    pass(type, 0);
    return -1;
  }

  private void pass(int type, int depth) throws Ended {
    if (type < 0 || type >= SIZES.length || depth > DEEPEST) {
      throw Refusal.wrong(file, "its header has a value of an unknown type");
    }
    if (type == STRING) {
      skip(count(1));
      return;
    }
    if (type != ARRAY) {
      skip(SIZES[type]);
      return;
    }
    int inner = u32();
    if (inner < 0 || inner >= SIZES.length) {
      throw Refusal.wrong(file, "its header has a value of an unknown type");
    }
    long count = count(inner == ARRAY ? 12 : SIZES[inner]);
    if (inner == STRING || inner == ARRAY) {
      for (long i = 0; i < count; i++) {
        pass(inner, depth + 1);
      }
    } else {
      skip(count * SIZES[inner]);
    }
  }

  private void skip(long length) throws Ended {
    need(length);
    bytes.position(bytes.position() + (int) length);
  }

  private void need(long length) throws Ended {
    if (length > limit() - position()) {
      throw Refusal.wrong(
          file,
          fileSize <= Gguf.LONGEST_HEADER
              ? "its header goes on after the file's end"
              : "its header is over 100 MB");
    }
    if (length > bytes.remaining()) {
      throw new Ended();
    }
  }

  private long limit() {
    return Math.min(fileSize, Gguf.LONGEST_HEADER);
  }
}
