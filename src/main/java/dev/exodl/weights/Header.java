package dev.exodl.weights;

import java.util.List;
import java.util.Map;

/**
 * What the beginning of a weight file tells, checked.
 *
 * @param dataStart where in the file the data begin: all before is header
 * @param metadata a safetensors file's {@code __metadata__}; empty for other formats
 * @param tensors as they follow each other in the file
 */
public record Header(long dataStart, Map<String, String> metadata, List<Tensor> tensors) {
  /**
   * The models with most have some hundred thousand; more are a header's way to fill the memory.
   */
  static final int MOST_TENSORS = 1_000_000;

  public Header {
    metadata = Map.copyOf(metadata);
    tensors = List.copyOf(tensors);
  }

  /** Refuses a file, or a model, that would have more tensors than any has. */
  static void checkCount(String file, long tensors) {
    if (tensors > MOST_TENSORS) {
      throw Refusal.wrong(file, "it would have over " + MOST_TENSORS + " tensors");
    }
  }
}
