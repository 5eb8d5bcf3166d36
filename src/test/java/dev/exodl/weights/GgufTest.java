package dev.exodl.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ByteRange;
import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GgufTest {
  /** A header in the making. */
  private static final class Bytes {
    final ByteBuffer to = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);

    Bytes head(int version, long tensors, long pairs) {
      to.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(version);
      to.putLong(tensors).putLong(pairs);
      return this;
    }

    Bytes text(String text) {
      to.putLong(text.length()).put(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    Bytes u32(int value) {
      to.putInt(value);
      return this;
    }

    Bytes u64(long value) {
      to.putLong(value);
      return this;
    }

    Bytes tensor(String name, int type, long offset, long... shape) {
      text(name).u32(shape.length);
      Arrays.stream(shape).forEach(to::putLong);
      return u32(type).u64(offset);
    }

    byte[] bytes() {
      return Arrays.copyOf(to.array(), to.position());
    }

    Header read(long data) {
      long start = (to.position() + 31) / 32 * 32;
      return Gguf.read("m.gguf", bytes(), start + data).orElseThrow();
    }
  }

  private static String refused(long data, Consumer<Bytes> make) {
    Bytes bytes = new Bytes();
    make.accept(bytes);
    FailureException e = assertThrows(FailureException.class, () -> bytes.read(data));
    assertEquals(ExitCode.INTEGRITY, e.failure().exitCode());
    return e.failure().what();
  }

  private static void assertRefused(String what, long data, Consumer<Bytes> make) {
    String told = refused(data, make);
    assertTrue(told.contains(what), told);
  }

  @Test
  void tensorsOfBothVersionsAreRead() {
    for (int version : new int[] {2, 3}) {
      Bytes bytes =
          new Bytes()
              .head(version, 3, 2)
              .text("general.architecture")
              .u32(8)
              .text("llama")
              .text("tokens")
              .u32(9)
              .u32(8)
              .u64(2)
              .text("a")
              .text("b")
              .tensor("blk.0.x", 1, 0, 16, 3)
              .tensor("blk.1.x", 12, 96, 256)
              .tensor("blk.2.new", 77, 256, 5);
      Header header = bytes.read(300);
      long start = header.dataStart();
      assertEquals(0, start % 32);
      assertEquals(
          List.of(
              new Tensor("blk.0.x", "F16", List.of(16L, 3L), new ByteRange(start, start + 96)),
              new Tensor("blk.1.x", "Q4_K", List.of(256L), new ByteRange(start + 96, start + 240)),
              new Tensor(
                  "blk.2.new", "type 77", List.of(5L), new ByteRange(start + 256, start + 300))),
          header.tensors());
    }
  }

  @Test
  void alignmentIsWhatTheFileSays() {
    Bytes bytes =
        new Bytes()
            .head(3, 2, 1)
            .text("general.alignment")
            .u32(4)
            .u32(1024)
            .tensor("a", 24, 0, 10)
            .tensor("b", 24, 1024, 10);
    Header header = Gguf.read("m.gguf", bytes.bytes(), 1024 + 1034).orElseThrow();
    assertEquals(1024, header.dataStart());
    assertEquals(2048, header.tensors().getLast().at().offset());
  }

  @Test
  void eachBeginningThatIsTooShortAsksForMore() {
    byte[] all = new Bytes().head(3, 1, 1).text("k").u32(8).text("v").tensor("a", 0, 0, 8).bytes();
    for (int length = 0; length < all.length; length++) {
      assertEquals(Optional.empty(), Gguf.read("f", Arrays.copyOf(all, length), 4096), "" + length);
    }
    assertEquals(1, Gguf.read("f", all, 4096).orElseThrow().tensors().size());
  }

  @Test
  void hostileCountsAndLengthsAreBounded() {
    assertRefused("more than fit", 0, b -> b.head(3, Long.MAX_VALUE, 0));
    assertRefused("more than fit", 0, b -> b.head(3, -1, 0));
    assertRefused("more than fit", 0, b -> b.head(3, 0, 1L << 40));
    assertRefused("more than fit", 100, b -> b.head(3, 0, 1).u64(1L << 62).u64(0));
    assertRefused("more than fit", 100, b -> b.head(3, 0, 1).u64(-7).u64(0));
    assertRefused(
        "more than fit", 100, b -> b.head(3, 0, 1).text("k").u32(9).u32(10).u64(1L << 60));
    assertRefused("more than fit", 100, b -> b.head(3, 0, 1).text("k").u32(8).u64(1000));
    byte[] many = new Bytes().head(3, 1_000_001, 0).bytes();
    FailureException e = assertThrows(FailureException.class, () -> Gguf.read("f", many, 1L << 40));
    assertEquals("it would have over 1000000 tensors", e.failure().what());
    // Within the file's size, but of a header over 100 MB.
    byte[] long100 = new Bytes().head(3, 0, 1).text("k").u32(8).u64(100_000_000).bytes();
    assertThrows(FailureException.class, () -> Gguf.read("f", long100, 1L << 40));
  }

  @Test
  void arraysInsideOfArraysEnd() {
    assertRefused(
        "unknown type",
        1000,
        b -> {
          b.head(3, 0, 1).text("k").u32(9);
          for (int i = 0; i < 20; i++) {
            b.u32(9).u64(1);
          }
        });
  }

  @Test
  void whatIsNoGgufOfTheseVersionsIsRefused() {
    assertRefused("no GGUF file", 100, b -> b.u32(0x46464952).u32(3).u64(0).u64(0));
    assertRefused("version 1", 100, b -> b.head(1, 0, 0));
    assertRefused("high bytes first", 100, b -> b.head(3 << 24, 0, 0));
    assertRefused("unknown type", 100, b -> b.head(3, 0, 1).text("k").u32(13).u64(0));
    assertRefused("unknown type", 100, b -> b.head(3, 0, 1).text("k").u32(-1).u64(0));
    for (int alignment : new int[] {0, 3, -8}) {
      assertRefused(
          "power of two",
          100,
          b -> b.head(3, 0, 1).text("general.alignment").u32(4).u32(alignment));
    }
  }

  @Test
  void tensorsThatDoNotFitAreRefused() {
    assertRefused("ends after the file", 63, b -> b.head(3, 1, 0).tensor("a", 0, 0, 16));
    assertRefused("multiple of 32", 80, b -> b.head(3, 1, 0).tensor("a", 0, 16, 16));
    assertRefused("after the file's end", 64, b -> b.head(3, 1, 0).tensor("a", 0, -32, 16));
    assertRefused(
        "overlaps", 200, b -> b.head(3, 2, 0).tensor("a", 0, 0, 16).tensor("b", 0, 32, 16));
    assertRefused(
        "belong to no tensor",
        200,
        b -> b.head(3, 2, 0).tensor("a", 0, 0, 16).tensor("b", 0, 96, 16));
    assertRefused("belong to no tensor", 200, b -> b.head(3, 1, 0).tensor("a", 0, 32, 16));
    assertRefused("whole number of blocks", 200, b -> b.head(3, 1, 0).tensor("a", 12, 0, 16));
    assertRefused(
        "larger than any file", 200, b -> b.head(3, 1, 0).tensor("a", 0, 0, 1L << 40, 1L << 40));
    assertRefused("larger than any file", 200, b -> b.head(3, 1, 0).tensor("a", 0, 0, -1));
    assertRefused("dimensions", 200, b -> b.head(3, 1, 0).text("a").u32(9).u64(0).u64(0).u64(0));
  }
}
