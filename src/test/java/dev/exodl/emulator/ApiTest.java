package dev.exodl.emulator;

import static dev.exodl.emulator.Asker.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiTest {

  private final ObjectMapper mapper = new ObjectMapper();
  private final HubEmulator hub = HubEmulator.start();
  private final Asker asker = new Asker(hub);
  private final HubRepo repo = hub.model("org/tiny");
  private String commit = "";

  @BeforeEach
  void fill() {
    repo.git("config.json", "{}").git("a/b/c.txt", "deep").git("a/d.txt", "x");
    commit = repo.lfs("model.safetensors", RepoContent.random(1, 1000)).commit("first");
  }

  @AfterEach
  void close() {
    asker.close();
    hub.close();
  }

  private JsonNode json(String path, String... headers) throws Exception {
    var answer = asker.get(path, headers);
    assertEquals(200, answer.statusCode(), () -> new String(answer.body()));
    return mapper.readTree(answer.body());
  }

  @Test
  void informationShowsCommitAndFiles() throws Exception {
    var info = json("/api/models/org/tiny");
    assertEquals("org/tiny", info.get("id").asText());
    assertEquals(commit, info.get("sha").asText());
    assertFalse(info.get("private").asBoolean());
    assertFalse(info.get("gated").asBoolean());
    assertEquals(4, info.get("siblings").size());
    assertEquals(1, info.get("siblings").get(0).size());

    var withBlobs = json("/api/models/org/tiny/revision/main?blobs=True&securityStatus=true");
    var weights = withBlobs.get("siblings").get(3);
    assertEquals(1000, weights.get("size").asInt());
    assertEquals(
        repo.blob("model.safetensors").sha256(), weights.get("lfs").get("sha256").asText());
    assertTrue(withBlobs.has("securityRepoStatus"));
    assertEquals(3, json("/api/models/org/tiny?expand=sha").size());
  }

  @Test
  void revisionsAreBranchesTagsRefsAndCommits() throws Exception {
    repo.tag("v1", commit).move("refs/pr/3", commit).move("refs/convert/parquet", commit);
    var second = repo.git("new.txt", "n").commit("second");
    assertEquals(second, json("/api/models/org/tiny/revision/main").get("sha").asText());
    for (var rev : new String[] {"v1", commit, "refs%2Fpr%2F3", "refs%2Fconvert%2Fparquet"}) {
      assertEquals(commit, json("/api/models/org/tiny/revision/" + rev).get("sha").asText());
    }
    var refs = json("/api/models/org/tiny/refs?include_prs=1");
    assertEquals(second, refs.get("branches").get(0).get("targetCommit").asText());
    assertEquals("v1", refs.get("tags").get(0).get("name").asText());
    assertEquals("parquet", refs.get("converts").get(0).get("name").asText());
    assertEquals("refs/pr/3", refs.get("pullRequests").get(0).get("ref").asText());
  }

  @Test
  void theTreeListsFoldersAndFiles() throws Exception {
    var top = json("/api/models/org/tiny/tree/main");
    assertEquals(3, top.size());
    assertEquals("directory", top.get(0).get("type").asText());
    var all = json("/api/models/org/tiny/tree/main?recursive=true");
    assertEquals(6, all.size());
    var weights = all.get(5);
    assertEquals(repo.blob("model.safetensors").sha256(), weights.get("lfs").get("oid").asText());
    assertEquals(repo.blob("model.safetensors").oid(), weights.get("oid").asText());
    assertEquals(1000, weights.get("size").asInt());
    assertEquals(64, weights.get("xetHash").asText().length());
    assertEquals(2, json("/api/models/org/tiny/tree/main/a").size());
    assertTrue(json("/api/models/org/tiny/tree/main?expand=true").get(1).has("securityFileStatus"));

    repo.showPointerSizes();
    var lying = json("/api/models/org/tiny/tree/main?recursive=true").get(5);
    assertTrue(lying.get("size").asInt() < 200);
    assertEquals(1000, lying.get("lfs").get("size").asInt());
  }

  @Test
  void aLongTreeComesInPagesLinkedByAbsoluteUrls() throws Exception {
    var many = hub.dataset("org/many");
    for (int i = 0; i < 2500; i++) {
      many.git("f%04d.txt".formatted(i), "x");
    }
    many.commit("many");
    var url = hub.url() + "/api/datasets/org/many/tree/main?recursive=true&expand=false";
    var seen = new HashSet<String>();
    int pages = 0;
    while (url != null) {
      var answer = asker.get(url);
      mapper.readTree(answer.body()).forEach(row -> seen.add(row.get("path").asText()));
      pages++;
      var link =
          Pattern.compile("<(.*)>; rel=\"next\"")
              .matcher(answer.headers().firstValue("Link").orElse(""));
      url = link.matches() ? link.group(1) : null;
      assertTrue(url == null || url.startsWith(hub.url()) && url.contains("recursive=true"), url);
    }
    assertEquals(3, pages);
    assertEquals(2500, seen.size());
    assertEquals(50, json("/api/datasets/org/many/tree/main?expand=true").size());
    assertEquals(7, json("/api/datasets/org/many/tree/main?limit=7").size());
  }

  @Test
  void pathsInfoTellsOfThePathsAskedFor() throws Exception {
    var answer =
        asker.form(
            "/api/models/org/tiny/paths-info/main",
            "paths=config.json&paths=a%2Fb&paths=none&expand=true");
    var rows = mapper.readTree(answer.body());
    assertEquals(2, rows.size());
    assertEquals("directory", rows.get(1).get("type").asText());
  }

  @Test
  void whoamiNeedsAValidToken() throws Exception {
    hub.token("hf_a", "alice");
    assertEquals(
        "alice", json("/api/whoami-v2", "Authorization", "Bearer hf_a").get("name").asText());
    assertEquals(401, asker.get("/api/whoami-v2").statusCode());
    assertEquals(401, asker.get("/api/whoami-v2", "Authorization", "Bearer hf_b").statusCode());
  }

  @Test
  void xetTokensAreGiven() throws Exception {
    var token = json("/api/models/org/tiny/xet-read-token/" + commit);
    assertEquals(hub.url(Host.CDN), token.get("casUrl").asText());
    assertEquals(
        404, asker.get(hub.url(Host.CDN) + "/v1/reconstructions/" + "0".repeat(64)).statusCode());
  }

  @Test
  void hostileNamesGoOutAsGiven() throws Exception {
    var bad = hub.model("org/hostile");
    var names =
        new String[] {
          "../x",
          "/abs",
          "a\0b",
          "back\\slash",
          "x/y",
          "x",
          "quote\"",
          "CON",
          "Case",
          "case",
          "a\nb"
        };
    for (var name : names) {
      bad.git(name, "!");
    }
    bad.commit("bad");
    var seen = new HashSet<String>();
    json("/api/models/org/hostile/tree/main?recursive=true")
        .forEach(r -> seen.add(r.get("type").asText() + r.get("path").asText()));
    for (var name : names) {
      assertTrue(seen.contains("file" + name), name);
    }
    assertTrue(seen.contains("directoryx"));
    var dots = asker.get("/org/hostile/resolve/main/%2E%2E/x");
    assertEquals(307, dots.statusCode());
  }

  @Test
  void ordinaryAnswersTellOfLimitsWarningsAndRequestIds() throws Exception {
    hub.settings().warning("topic", "be careful");
    var answer = asker.get("/api/models/org/tiny");
    assertTrue(header(answer, "RateLimit").matches("\"api\";r=\\d+;t=\\d+"));
    assertEquals("topic; be careful", header(answer, "X-HF-Warning"));
    assertTrue(header(answer, "X-Request-Id").startsWith("Root=1-"));
    assertTrue(
        header(asker.head("/org/tiny/resolve/main/config.json"), "RateLimit")
            .startsWith("\"resolvers\""));
  }
}
