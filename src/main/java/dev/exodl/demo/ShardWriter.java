package dev.exodl.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.demo.LlamaShape.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a safetensors file: the header's length, the header padded with blanks, then the tensors
 * without holes (huggingface/safetensors, {@code README.md}). The weights are pseudo-random, the
 * same for the same seed.
 */
final class ShardWriter {
  private static final int BUFFER_BYTES = 64 * 1024;

  private ShardWriter() {}

  static DemoFile.Weights write(Path folder, String name, List<Tensor> tensors, long seed)
      throws IOException {
    Path file = folder.resolve(name);
    MessageDigest sha256 = Hashes.sha256();
    byte[] header = header(tensors);
    long data = tensors.stream().mapToLong(Tensor::bytes).sum();
    try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), sha256)) {
      out.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      weights(out, data, seed);
    }
    return new DemoFile.Weights(name, file, 8 + header.length + data, Hashes.hex(sha256.digest()));
  }

  private static byte[] header(List<Tensor> tensors) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.putObject("__metadata__").put("format", "pt");
    long at = 0;
    for (Tensor tensor : tensors) {
      ObjectNode entry = header.putObject(tensor.name()).put("dtype", "BF16");
      tensor.shape().forEach(entry.withArray("shape")::add);
      entry.putArray("data_offsets").add(at).add(at + tensor.bytes());
      at += tensor.bytes();
    }
    String text = header.toString();
    return (text + " ".repeat((8 - text.length() % 8) % 8)).getBytes(StandardCharsets.US_ASCII);
  }

  private static void weights(OutputStream out, long bytes, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long left = bytes; left > 0; left -= buffer.capacity()) {
      buffer.clear();
      while (buffer.hasRemaining()) {
        // Four BF16 numbers: any sign and fraction, exponents from -7 to 0, so none is infinite.
        buffer.putLong((random.nextLong() & 0x83FF_83FF_83FF_83FFL) | 0x3C00_3C00_3C00_3C00L);
      }
      out.write(buffer.array(), 0, (int) Math.min(left, buffer.capacity()));
    }
  }
}
