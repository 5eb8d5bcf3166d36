package dev.exodl.emulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A GGUF file (version 3) with some key-values and F16 tensors of pseudo-random data. Format: ggml
 * {@code docs/gguf.md}.
 */
final class GgufFixture {

  private static final int ALIGNMENT = 32;
  private static final int UINT32 = 4;
  private static final int STRING = 8;
  private static final int F16 = 1;

  private GgufFixture() {}

  /**
   * @param elements of each tensor, two bytes each; a multiple of 16 keeps the tensors aligned
   */
  static RepoContent create(int layers, long elements, long seed) {
    var head = ByteBuffer.allocate(4096 + layers * 128).order(ByteOrder.LITTLE_ENDIAN);
    head.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(layers).putLong(3);
    string(head, "general.architecture");
    head.putInt(STRING);
    string(head, "llama");
    string(head, "general.alignment");
    head.putInt(UINT32).putInt(ALIGNMENT);
    string(head, "llama.block_count");
    head.putInt(UINT32).putInt(layers);
    for (int layer = 0; layer < layers; layer++) {
      string(head, "blk." + layer + ".attn_q.weight");
      head.putInt(1).putLong(elements).putInt(F16).putLong(layer * elements * 2);
    }
    int padded = (head.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    var bytes = new byte[padded];
    head.flip().get(bytes, 0, head.limit());
    return RepoContent.joined(
        RepoContent.of(bytes), RepoContent.random(seed, layers * elements * 2));
  }

  private static void string(ByteBuffer into, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    into.putLong(bytes.length).put(bytes);
  }
}
