package dev.exodl.emulator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixturesTest {

  private final ObjectMapper mapper = new ObjectMapper();
  private final HubEmulator hub = HubEmulator.start();
  private final HubRepo repo = hub.model("org/fixture");

  @AfterEach
  void close() {
    hub.close();
  }

  private JsonNode json(String path) throws Exception {
    return mapper.readTree(repo.blob(path).content().bytes());
  }

  /** Checks offsets without holes and sizes that fit shapes; gives the tensors' bytes. */
  private long checkShard(String path) throws Exception {
    var content = repo.blob(path).content();
    var length = new byte[8];
    content.read(0, length, 0, 8);
    int headerLength = (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    var header = new byte[headerLength];
    content.read(8, header, 0, headerLength);
    var byBegin = new TreeMap<Long, Long>();
    for (var entry : mapper.readTree(header).properties()) {
      if (entry.getKey().equals("__metadata__")) {
        continue;
      }
      var tensor = entry.getValue();
      long elements = 1;
      for (var dimension : tensor.get("shape")) {
        elements *= dimension.asLong();
      }
      long begin = tensor.get("data_offsets").get(0).asLong();
      long end = tensor.get("data_offsets").get(1).asLong();
      assertEquals(end - begin, elements * (tensor.get("dtype").asText().equals("BF16") ? 2 : 1));
      byBegin.put(begin, end);
    }
    long at = 0;
    for (var span : byBegin.entrySet()) {
      assertEquals(at, span.getKey());
      at = span.getValue();
    }
    assertEquals(content.size(), 8 + headerLength + at);
    return at;
  }

  @Test
  void aShardedModelIsValidSafetensorsOfTheAskedSize() throws Exception {
    Fixtures.safetensorsModel(repo, 1_000_003, 4);
    long size = 0;
    long tensors = 0;
    for (int i = 1; i <= 4; i++) {
      var file = "model-0000%d-of-00004.safetensors".formatted(i);
      size += repo.blob(file).size();
      tensors += checkShard(file);
      assertTrue(repo.blob(file).isLfs());
    }
    assertEquals(1_000_003, size);
    var index = json("model.safetensors.index.json");
    assertEquals(tensors, index.get("metadata").get("total_size").asLong());
    assertEquals(16 * 5 + 3, index.get("weight_map").size());
    assertEquals(16, json("config.json").get("num_hidden_layers").asInt());
  }

  @Test
  void aSmallModelIsOneFileWithoutIndex() throws Exception {
    Fixtures.safetensorsModel(repo, 100_000, 1);
    assertEquals(100_000, repo.blob("model.safetensors").size());
    checkShard("model.safetensors");
  }

  @Test
  void theSameArgumentsGiveTheSameCommitAndBytes() {
    var first = Fixtures.safetensorsModel(repo, 200_000, 2);
    var other = hub.model("org/other");
    assertEquals(first, Fixtures.safetensorsModel(other, 200_000, 2));
    var name = "model-00002-of-00002.safetensors";
    assertEquals(repo.blob(name).sha256(), other.blob(name).sha256());
  }

  @Test
  void aGgufFileStartsAsItShould() {
    Fixtures.ggufModel(repo, 100_000);
    var head =
        ByteBuffer.wrap(repo.blob("model.gguf").content().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x46554747, head.getInt());
    assertEquals(3, head.getInt());
    assertEquals(8, head.getLong());
    assertEquals(3, head.getLong());
  }

  @Test
  void manySmallFilesAreHalfInFolders() {
    Fixtures.manySmallFiles(repo, 5000, false);
    assertEquals(5000, repo.head().files().size());
    assertEquals(2500, repo.head().files().keySet().stream().filter(p -> p.contains("/")).count());
    assertEquals(5000, repo.head().files().values().stream().map(Blob::oid).distinct().count());
  }

  @Test
  void eachHostileListingCanBeMade() {
    Fixtures.hostileNames()
        .forEach(
            (what, names) ->
                Fixtures.hostile(hub.model("org/h" + Math.abs(what.hashCode())), names));
  }

  @Test
  void aFolderIsServedAsItIs(@TempDir Path folder) throws Exception {
    Files.createDirectories(folder.resolve("onnx"));
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.write(folder.resolve("onnx/model.onnx"), RepoContent.random(5, 50_000).bytes());
    Fixtures.folder(repo, folder);
    assertTrue(repo.blob("onnx/model.onnx").isLfs());
    assertArrayEquals(
        RepoContent.random(5, 50_000).bytes(), repo.blob("onnx/model.onnx").content().bytes());
    assertTrue(!repo.blob("config.json").isLfs());
  }

  @Test
  void digestsAreThoseOfGitAndSha256() throws Exception {
    repo.git("a.txt", "hello\n").lfs("b.bin", RepoContent.zeros(1 << 20)).commit("c");
    assertEquals("ce013625030ba8dba906f756967f9e9ca394464a", repo.blob("a.txt").oid());
    var sha = MessageDigest.getInstance("SHA-256").digest(new byte[1 << 20]);
    assertEquals(HexFormat.of().formatHex(sha), repo.blob("b.bin").sha256());
  }

  @Test
  void anyPartOfAContentIsReadAlike() throws Exception {
    var joined =
        RepoContent.joined(
            RepoContent.text("head"), RepoContent.random(1, 1000), RepoContent.zeros(5));
    var all = joined.bytes();
    for (int from = 0; from < 60; from++) {
      for (int length = 0; length < 40; length++) {
        var part = new byte[length];
        joined.read(from, part, 0, length);
        assertArrayEquals(Arrays.copyOfRange(all, from, from + length), part);
      }
    }
  }
}
