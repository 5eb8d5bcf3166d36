package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.download.ShardRequest.Share;
import dev.exodl.emulator.HubRepo;
import dev.exodl.model.ByteRange;
import dev.exodl.weights.Header;
import dev.exodl.weights.Safetensors;
import dev.exodl.weights.Shard;
import dev.exodl.weights.Tensor;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What tests of syncs of some layers ask for, and how they look at what came. */
final class Shards {
  private Shards() {}

  /** Share {@code 2/4}, in a form. */
  static SyncRequest share(Asking asking, String share, ShardForm form) {
    return with(
        asking.request(),
        new ShardRequest(new Share.Numbered(Shard.parse("--shard", share)), false, form));
  }

  /** The request, for what some layers need. */
  static SyncRequest with(SyncRequest request, ShardRequest layers) {
    return new SyncRequest(
        request.repo(),
        request.revision(),
        request.selection(),
        request.place(),
        request.offline(),
        request.force(),
        request.dryRun(),
        request.minFreeBytes(),
        Optional.of(layers),
        Optional.empty());
  }

  /** The names of the visible files of a local dir, by their paths. */
  static List<String> visible(Path dir) throws IOException {
    try (var files = Files.walk(dir)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> dir.relativize(f).toString())
          .filter(f -> !f.startsWith(".cache"))
          .sorted()
          .toList();
    }
  }

  /** Where each tensor is in the repo's own safetensors files. */
  static Map<String, Map.Entry<String, Tensor>> tensors(HubRepo repo) {
    Map<String, Map.Entry<String, Tensor>> all = new TreeMap<>();
    for (String name : repo.head().files().keySet()) {
      if (name.endsWith(".safetensors")) {
        for (Tensor tensor : header(repo.blob(name).content().bytes()).tensors()) {
          all.put(tensor.name(), Map.entry(name, tensor));
        }
      }
    }
    return all;
  }

  static Header header(byte[] file) {
    return Safetensors.read("a file", file, file.length);
  }

  /** Of the repo's own file. */
  static byte[] bytes(HubRepo repo, Map.Entry<String, Tensor> at) throws IOException {
    ByteRange range = at.getValue().at();
    byte[] bytes = new byte[(int) range.length()];
    repo.blob(at.getKey()).content().read(range.offset(), bytes, 0, bytes.length);
    return bytes;
  }

  /** As a program maps a file and touches only these bytes. */
  static byte[] mapped(Path file, ByteRange range) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      byte[] bytes = new byte[(int) range.length()];
      map.get((int) range.offset(), bytes);
      return bytes;
    }
  }

  /** All repacked files of a folder are valid, and hold the repo's tensors; gives their names. */
  static List<String> repacked(HubRepo repo, Path dir) throws IOException {
    Map<String, Map.Entry<String, Tensor>> whole = tensors(repo);
    List<String> names = new ArrayList<>();
    for (String file : visible(dir)) {
      if (!file.endsWith(".safetensors")) {
        continue;
      }
      byte[] bytes = Files.readAllBytes(dir.resolve(file));
      Header header = header(bytes);
      assertEquals(0, header.dataStart() % 8, "the data are aligned");
      assertEquals(Map.of("format", "pt"), header.metadata());
      for (Tensor tensor : header.tensors()) {
        Map.Entry<String, Tensor> of = whole.get(tensor.name());
        assertEquals(of.getValue().type(), tensor.type());
        assertEquals(of.getValue().shape(), tensor.shape());
        assertArrayEquals(bytes(repo, of), mapped(dir.resolve(file), tensor.at()), tensor.name());
        names.add(tensor.name());
      }
    }
    return names;
  }
}
