package dev.exodl.emulator;

import static dev.exodl.emulator.Asker.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FilesTest {

  private static final String WEIGHTS = "/org/tiny/resolve/main/model.safetensors";

  private final HubEmulator hub = HubEmulator.start();
  private final Asker asker = new Asker(hub);
  private final HubRepo repo = hub.model("org/tiny");
  private final byte[] weights = RepoContent.random(7, 300_000).bytes();
  private String commit = "";

  @BeforeEach
  void fill() {
    commit =
        repo.git("config.json", "{\"num_hidden_layers\": 2}")
            .git("empty.txt", "")
            .git("with space/é+.txt", "odd name")
            .lfs("model.safetensors", RepoContent.of(weights))
            .commit("first");
  }

  @AfterEach
  void close() {
    asker.close();
    hub.close();
  }

  @Test
  void anLfsFileIsARedirectToASignedUrlOfTheCdn() throws Exception {
    for (var answer :
        new java.net.http.HttpResponse<?>[] {asker.head(WEIGHTS), asker.get(WEIGHTS)}) {
      assertEquals(302, answer.statusCode());
      assertTrue(header(answer, "Location").startsWith(hub.url(Host.CDN) + "/repos/org/tiny/"));
      assertTrue(header(answer, "Location").contains("Expires="));
      assertEquals("300000", header(answer, "X-Linked-Size"));
      assertEquals(
          "\"" + repo.blob("model.safetensors").sha256() + "\"", header(answer, "X-Linked-ETag"));
      assertEquals(commit, header(answer, "X-Repo-Commit"));
      assertEquals("bytes", header(answer, "Accept-Ranges"));
      assertEquals(64, header(answer, "X-Xet-Hash").length());
      assertTrue(
          header(answer, "Link").contains("/xet-read-token/" + commit + ">; rel=\"xet-auth\""));
      assertTrue(Integer.parseInt(header(answer, "Content-Length")) < 1000);
    }
  }

  @Test
  void theCdnServesTheWholeFileAndRanges() throws Exception {
    var url = asker.signed(WEIGHTS);
    var whole = asker.get(url);
    assertEquals(200, whole.statusCode());
    assertArrayEquals(weights, whole.body());
    assertFalse(header(whole, "ETag").contains(repo.blob("model.safetensors").sha256()));

    var part = asker.get(url, "Range", "bytes=1003-200006");
    assertEquals(206, part.statusCode());
    assertEquals("bytes 1003-200006/300000", header(part, "Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(weights, 1003, 200007), part.body());
    assertArrayEquals(
        Arrays.copyOfRange(weights, 299_990, 300_000), asker.get(url, "Range", "bytes=-10").body());
    assertArrayEquals(
        Arrays.copyOfRange(weights, 9, 300_000), asker.get(url, "Range", "bytes=9-").body());

    var past = asker.get(url, "Range", "bytes=300000-");
    assertEquals(416, past.statusCode());
    assertEquals("bytes */300000", header(past, "Content-Range"));
    assertEquals(300_000 + 199_004 + 10 + 299_991, hub.log().fileBytesServed());
  }

  @Test
  void aGitFileIsARelativeRedirectToTheResolveCache() throws Exception {
    var first = asker.head("/org/tiny/resolve/main/config.json");
    assertEquals(307, first.statusCode());
    var location = header(first, "Location");
    assertTrue(
        location.startsWith("/api/resolve-cache/models/org/tiny/" + commit + "/config.json?"),
        location);
    assertTrue(location.endsWith("&etag=%22" + repo.blob("config.json").oid() + "%22"), location);
    assertEquals(commit, header(first, "X-Repo-Commit"));
    assertTrue(first.headers().firstValue("X-Linked-ETag").isEmpty());

    var second = asker.get(location);
    assertEquals(200, second.statusCode());
    assertEquals("{\"num_hidden_layers\": 2}", new String(second.body()));
    assertEquals("\"" + repo.blob("config.json").oid() + "\"", header(second, "ETag"));
    assertEquals(commit, header(second, "X-Repo-Commit"));
    assertEquals(400, asker.get(location.replace(commit, "main")).statusCode());
  }

  @Test
  void emptyAndGuardedGitFilesComeAtOnce() throws Exception {
    assertEquals(200, asker.get("/org/tiny/resolve/main/empty.txt").statusCode());
    hub.token("hf_a", "alice");
    repo.makePrivate().allow("hf_a");
    var answer = asker.get("/org/tiny/resolve/main/config.json", "Authorization", "Bearer hf_a");
    assertEquals(200, answer.statusCode());
    assertEquals("24", header(answer, "Content-Length"));
    hub.model("gpt2").git("config.json", "{}").commit("old");
    assertEquals(200, asker.get("/gpt2/resolve/main/config.json").statusCode());
  }

  @Test
  void quotedNamesRevisionsAndOtherTypesAreFound() throws Exception {
    repo.move("refs/pr/3", commit);
    var odd = asker.get("/org/tiny/resolve/refs%2Fpr%2F3/with%20space/%C3%A9+.txt");
    assertEquals(307, odd.statusCode());
    assertEquals("odd name", asker.text(header(odd, "Location")));
    hub.dataset("org/data").lfs("x.parquet", RepoContent.zeros(10)).commit("d");
    assertEquals(
        10, asker.get(asker.signed("/datasets/org/data/resolve/main/x.parquet")).body().length);
  }

  @Test
  void aKnownEtagIsAnsweredNotModifiedOnResolveButNotOnRaw() throws Exception {
    var etag = "\"" + repo.blob("config.json").oid() + "\"";
    assertEquals(
        304, asker.get("/org/tiny/resolve/main/config.json", "If-None-Match", etag).statusCode());
    assertEquals(
        200, asker.get("/org/tiny/raw/main/config.json", "If-None-Match", etag).statusCode());
    var sha = "\"" + repo.blob("model.safetensors").sha256() + "\"";
    assertEquals(304, asker.head(WEIGHTS, "If-None-Match", sha).statusCode());
  }

  @Test
  void rawShowsThePointerOfAnLfsFile() throws Exception {
    var pointer = asker.text("/org/tiny/raw/main/model.safetensors");
    assertEquals(
        "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 300000\n"
            .formatted(repo.blob("model.safetensors").sha256()),
        pointer);
  }

  @Test
  void textIsCompressedAndItsRangeIgnoredWhereGzipIsAllowed() throws Exception {
    var location = header(asker.get("/org/tiny/resolve/main/config.json"), "Location");
    var packed = asker.get(location, "Accept-Encoding", "gzip", "Range", "bytes=3-4");
    assertEquals(200, packed.statusCode());
    assertEquals("gzip", header(packed, "Content-Encoding"));
    assertTrue(packed.headers().firstValue("Content-Length").isEmpty());
    try (var gunzip = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertEquals("{\"num_hidden_layers\": 2}", new String(gunzip.readAllBytes()));
    }
    assertEquals("u", asker.text(location, "Accept-Encoding", "identity", "Range", "bytes=3-3"));
    hub.settings().gzip(false);
    assertTrue(
        asker
            .get(location, "Accept-Encoding", "gzip")
            .headers()
            .firstValue("Content-Encoding")
            .isEmpty());
  }

  @Test
  void aSparseFileOfSixtyGigabytesIsServed() throws Exception {
    long size = 60_000_000_000L;
    hub.model("org/huge").lfs("big.gguf", RepoContent.zeros(size), "ab".repeat(32)).commit("big");
    assertEquals(
        Long.toString(size),
        header(asker.head("/org/huge/resolve/main/big.gguf"), "X-Linked-Size"));
    var end =
        asker.get(asker.signed("/org/huge/resolve/main/big.gguf"), "Range", "bytes=59999999990-");
    assertArrayEquals(new byte[10], end.body());
    assertEquals("bytes 59999999990-59999999999/60000000000", header(end, "Content-Range"));
  }
}
