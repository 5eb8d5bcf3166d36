package dev.exodl.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file of an exact size: a valid header (padded with spaces), then pseudo-random
 * tensor data without holes. Format: huggingface/safetensors README.
 *
 * @param tensorBytes sum of all tensors' sizes
 */
record SafetensorsFixture(RepoContent content, long tensorBytes) {

  private static final int COLUMNS = 64;
  private static final int ROW_BYTES = COLUMNS * 2;

  /**
   * @param size of the file in bytes; must leave room for the header (about 150 bytes a tensor)
   */
  static SafetensorsFixture create(List<String> tensors, long size, long seed) {
    int headerLength = (header(tensors, size).length() + 7) / 8 * 8;
    long data = size - 8 - headerLength;
    if (data < (long) tensors.size() * ROW_BYTES) {
      throw new IllegalArgumentException(
          size + " bytes are too few for " + tensors.size() + " tensors");
    }
    var text = header(tensors, data);
    var head = ByteBuffer.allocate(8 + headerLength).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(headerLength).put(text.getBytes(StandardCharsets.US_ASCII));
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    return new SafetensorsFixture(
        RepoContent.joined(RepoContent.of(head.array()), RepoContent.random(seed, data)), data);
  }

  /**
   * All but the last tensor are BF16 matrices of the same size; the last is U8 and takes what is
   * left.
   */
  private static String header(List<String> tensors, long data) {
    var header = new LinkedHashMap<String, Object>();
    header.put("__metadata__", Map.of("format", "pt"));
    long rows = data / tensors.size() / ROW_BYTES;
    long at = 0;
    for (var name : tensors.subList(0, tensors.size() - 1)) {
      header.put(name, tensor("BF16", List.of(rows, (long) COLUMNS), at, at + rows * ROW_BYTES));
      at += rows * ROW_BYTES;
    }
    header.put(tensors.getLast(), tensor("U8", List.of(data - at), at, data));
    return Json.write(header);
  }

  private static Map<String, Object> tensor(String type, List<Long> shape, long begin, long end) {
    var tensor = new LinkedHashMap<String, Object>();
    tensor.put("dtype", type);
    tensor.put("shape", shape);
    tensor.put("data_offsets", List.of(begin, end));
    return tensor;
  }

  /**
   * Tensor names of layers {@code [from, to)}, with the model's first and last tensors where they
   * belong.
   */
  static List<String> names(int from, int to, int layers) {
    var names = new ArrayList<String>();
    if (from == 0) {
      names.add("model.embed_tokens.weight");
    }
    for (int layer = from; layer < to; layer++) {
      for (var part :
          List.of(
              "input_layernorm",
              "mlp.down_proj",
              "mlp.up_proj",
              "self_attn.k_proj",
              "self_attn.q_proj")) {
        names.add("model.layers." + layer + "." + part + ".weight");
      }
    }
    if (to == layers) {
      names.add("model.norm.weight");
      names.add("lm_head.weight");
    }
    return names;
  }
}
