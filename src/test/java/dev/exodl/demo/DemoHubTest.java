package dev.exodl.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.exodl.model.BlobId;
import dev.exodl.model.FailureException;
import dev.exodl.verify.BlobDigest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoHubTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;
  private final HttpClient client = HttpClient.newHttpClient();
  private DemoHub hub;

  @BeforeEach
  void start() {
    hub = DemoHub.start(2 << 20, temp);
  }

  @AfterEach
  void close() {
    hub.close();
    client.close();
  }

  private HttpResponse<byte[]> get(String address, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(hub.endpoint().resolve(address));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  private JsonNode tree() throws Exception {
    String commit = commit();
    return JSON.readTree(
        get("/api/models/demo/tiny-llama/tree/" + commit + "?recursive=true").body());
  }

  private String commit() throws Exception {
    return JSON.readTree(get("/api/models/demo/tiny-llama/revision/main").body())
        .get("sha")
        .asText();
  }

  private byte[] content(String path) throws Exception {
    HttpResponse<byte[]> first = get("/demo/tiny-llama/resolve/" + commit() + "/" + path);
    return first.statusCode() == 302 ? get(header(first, "Location")).body() : first.body();
  }

  @Test
  void everyListedFileHasTheHashAndTheSizeThatTheListingGives() throws Exception {
    JsonNode tree = tree();
    assertEquals(9, tree.size());
    for (JsonNode item : tree) {
      byte[] content = content(item.get("path").asText());
      JsonNode lfs = item.get("lfs");
      String hash = (lfs == null ? item.get("oid") : lfs.get("oid")).asText();
      assertEquals(item.get("size").asLong(), content.length);
      // The product's own digest: the hub makes its hashes by other code.
      BlobDigest digest = BlobDigest.of(BlobId.of(hash), content.length);
      digest.update(content, 0, content.length);
      assertTrue(digest.matches(), item.toString());
    }
  }

  @Test
  void weightsAreSafetensorsWithoutHolesAndTheIndexNamesEveryTensor() throws Exception {
    var tensors = new TreeMap<String, String>();
    long sum = 0;
    for (JsonNode item : tree()) {
      String path = item.get("path").asText();
      if (!path.endsWith(".safetensors")) {
        continue;
      }
      byte[] content = content(path);
      int length = (int) ByteBuffer.wrap(content, 0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
      JsonNode header = JSON.readTree(new String(content, 8, length, StandardCharsets.UTF_8));
      long at = 0;
      for (var entry : header.properties()) {
        if (entry.getKey().equals("__metadata__")) {
          continue;
        }
        JsonNode offsets = entry.getValue().get("data_offsets");
        long elements = 1;
        for (JsonNode dimension : entry.getValue().get("shape")) {
          elements *= dimension.asLong();
        }
        assertEquals(at, offsets.get(0).asLong());
        assertEquals(at + 2 * elements, offsets.get(1).asLong(), entry.getKey());
        at = offsets.get(1).asLong();
        tensors.put(entry.getKey(), path);
      }
      assertEquals(0, (8 + length) % 8);
      assertEquals(content.length, 8 + length + at);
      sum += at;
    }
    JsonNode index = JSON.readTree(content("model.safetensors.index.json"));
    var map = new TreeMap<String, String>();
    index.get("weight_map").properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
    assertEquals(map, tensors);
    assertEquals(index.get("metadata").get("total_size").asLong(), sum);
    assertTrue(sum > 1 << 20 && sum <= 2 << 20, "tensor bytes: " + sum);
  }

  @Test
  void theSameSizeGivesTheSameCommit() throws Exception {
    try (DemoHub other = DemoHub.start(2 << 20, temp)) {
      assertEquals(hub.model().commit(), other.model().commit());
    }
    try (DemoHub larger = DemoHub.start(4 << 20, temp)) {
      assertFalse(hub.model().commit().equals(larger.model().commit()));
    }
  }

  @Test
  void weightsComeFromASignedAddressInRanges() throws Exception {
    String path = "model-00001-of-00004.safetensors";
    HttpResponse<byte[]> redirect = get("/demo/tiny-llama/resolve/main/" + path);
    assertEquals(302, redirect.statusCode());
    assertEquals(hub.model().commit(), header(redirect, "X-Repo-Commit"));
    DemoFile file = hub.model().file(path).orElseThrow();
    assertEquals("\"" + file.etag() + "\"", header(redirect, "X-Linked-ETag"));
    assertEquals(Long.toString(file.size()), header(redirect, "X-Linked-Size"));

    String address = header(redirect, "Location");
    byte[] whole = get(address).body();
    HttpResponse<byte[]> part = get(address, "Range", "bytes=1000-2999");
    assertEquals(206, part.statusCode());
    assertEquals("bytes 1000-2999/" + file.size(), header(part, "Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(whole, 1000, 3000), part.body());
    assertEquals(416, get(address, "Range", "bytes=" + file.size() + "-").statusCode());
    assertEquals(403, get(address.replace("Signature=", "Signature=0")).statusCode());
    assertEquals(403, get(URI.create(address).getPath()).statusCode());
    assertEquals(whole.length + 2000, hub.bytesServed());
    assertEquals(6, hub.requests());
  }

  @Test
  void whatItDoesNotHaveIsRefusedAsTheHubDoes() throws Exception {
    HttpResponse<byte[]> file = get("/demo/tiny-llama/resolve/main/nothing.json");
    assertEquals(404, file.statusCode());
    assertEquals("EntryNotFound", header(file, "X-Error-Code"));
    assertEquals(
        "RevisionNotFound", header(get("/api/models/demo/tiny-llama/revision/v9"), "X-Error-Code"));
    assertEquals(
        "RepoNotFound", header(get("/api/models/demo/other/revision/main"), "X-Error-Code"));
  }

  @Test
  void nothingIsLeftWhenItIsClosed() throws Exception {
    hub.close();
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(0, left.count());
    }
    assertThrows(java.io.IOException.class, () -> get("/api/models/demo/tiny-llama"));
  }

  @Test
  void aModelThatIsTooSmallOrDoesNotFitIsRefused() {
    assertThrows(FailureException.class, () -> DemoHub.start(1000, temp));
    FailureException tooLarge =
        assertThrows(FailureException.class, () -> DemoHub.start(Long.MAX_VALUE, temp));
    assertTrue(tooLarge.failure().next().contains("--model-size"), tooLarge.getMessage());
  }
}
