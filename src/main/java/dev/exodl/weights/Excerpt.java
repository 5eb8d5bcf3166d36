package dev.exodl.weights;

import dev.exodl.model.ByteRange;
import dev.exodl.model.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * Some tensors of a weight file, as a file of their own: a head, and ranges of the weight file that
 * follow each other.
 */
public final class Excerpt {
  /** A hole of at most so many bytes is cheaper to fetch than to leave out: GGUF pads its data. */
  private static final long SMALLEST_HOLE = 256;

  private final WeightFile of;
  private final List<Tensor> tensors;
  private final byte[] head;
  private final Spread source;
  private final Spread spread;

  private Excerpt(
      WeightFile of, List<Tensor> tensors, byte[] head, List<ByteRange> ranges, Spread spread) {
    this.of = of;
    this.tensors = List.copyOf(tensors);
    this.head = head;
    this.source = new Spread(ranges, of.size());
    this.spread = spread;
  }

  /**
   * A file of the weight file's length, with its header and the tensors where they are in it, and
   * holes.
   *
   * @param header the bytes before the weight file's data
   */
  public static Excerpt sparse(WeightFile of, List<Tensor> tensors, byte[] header) {
    if (header.length != of.header().dataStart()) {
      throw new IllegalArgumentException(header.length + " bytes of header in " + of.path());
    }
    List<ByteRange> ranges = together(tensors, SMALLEST_HOLE);
    List<ByteRange> places = new ArrayList<>(ranges);
    boolean touches = !ranges.isEmpty() && ranges.getFirst().offset() == header.length;
    if (touches) {
      places.set(0, new ByteRange(0, ranges.getFirst().end()));
    } else {
      places.addFirst(new ByteRange(0, header.length));
    }
    return new Excerpt(of, tensors, header, ranges, new Spread(places, of.size()));
  }

  /**
   * A safetensors file of only the tensors.
   *
   * @throws dev.exodl.model.FailureException integrity failure when a name cannot be written
   */
  public static Excerpt repacked(WeightFile of, List<Tensor> tensors) {
    byte[] head = Repacked.header(of.path(), of.header().metadata(), tensors);
    List<Tensor> moved = new ArrayList<>();
    long at = head.length;
    for (Tensor tensor : tensors) {
      ByteRange place = new ByteRange(at, at + tensor.bytes());
      moved.add(new Tensor(tensor.name(), tensor.type(), tensor.shape(), place));
      at = place.end();
    }
    return new Excerpt(of, moved, head, together(tensors, 0), Spread.whole(at));
  }

  /** The tensors' ranges, those that touch as one. */
  private static List<ByteRange> together(List<Tensor> tensors, long hole) {
    List<ByteRange> ranges = new ArrayList<>();
    for (Tensor tensor : tensors) {
      if (tensor.bytes() == 0) {
        continue;
      }
      ByteRange last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null && tensor.at().offset() - last.end() <= hole) {
        long end = Math.max(last.end(), tensor.at().end());
        ranges.set(ranges.size() - 1, new ByteRange(last.offset(), end));
      } else {
        ranges.add(tensor.at());
      }
    }
    return ranges;
  }

  /** The weight file. */
  public WeightFile of() {
    return of;
  }

  /** The tensors as they are in the new file. */
  public List<Tensor> tensors() {
    return tensors;
  }

  /** How many bytes the new file begins with that are known. */
  public int headBytes() {
    return head.length;
  }

  /** Copies bytes of the head. */
  public void head(int at, byte[] into, int from, int length) {
    System.arraycopy(head, at, into, from, length);
  }

  /** Where in the weight file the bytes after the head are. */
  public Spread source() {
    return source;
  }

  /** Where in the new file the bytes are, head and all. */
  public Spread spread() {
    return spread;
  }
}
