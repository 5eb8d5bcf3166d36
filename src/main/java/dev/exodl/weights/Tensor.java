package dev.exodl.weights;

import dev.exodl.model.ByteRange;
import java.util.List;

/**
 * A tensor in a weight file.
 *
 * @param type as the format calls it, for example {@code BF16} or {@code Q4_K}
 * @param shape in the order of the file's header
 * @param at where its bytes are in the file
 */
public record Tensor(String name, String type, List<Long> shape, ByteRange at) {
  public Tensor {
    shape = List.copyOf(shape);
  }

  public long bytes() {
    return at.length();
  }
}
