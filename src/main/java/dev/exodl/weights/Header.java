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
  public Header {
    metadata = Map.copyOf(metadata);
    tensors = List.copyOf(tensors);
  }
}
