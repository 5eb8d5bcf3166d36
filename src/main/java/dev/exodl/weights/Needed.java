package dev.exodl.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tensors that are needed, by the weight file that holds them.
 *
 * @param tensors of each file at least one, in the order of the file; files in the order of the
 *     model's
 */
public record Needed(Map<WeightFile, List<Tensor>> tensors) {
  public Needed {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** How many tensors. */
  public int count() {
    return tensors.values().stream().mapToInt(List::size).sum();
  }

  /** Of all tensors. */
  public long bytes() {
    return tensors.values().stream().flatMap(List::stream).mapToLong(Tensor::bytes).sum();
  }

  /** The files that hold one or more of them. */
  public List<WeightFile> files() {
    return List.copyOf(tensors.keySet());
  }

  /** Of the whole files. */
  public long fileBytes() {
    return tensors.keySet().stream().mapToLong(WeightFile::size).sum();
  }
}
