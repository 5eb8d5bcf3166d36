package dev.exodl.emulator;

import static dev.exodl.emulator.Asker.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalsTest {

  private static final String FILE = "/org/tiny/resolve/main/config.json";
  private static final String INFO = "/api/models/org/tiny";

  private final HubEmulator hub = HubEmulator.start();
  private final Asker asker = new Asker(hub);
  private final HubRepo repo = hub.model("org/tiny").git("config.json", "{}");

  @BeforeEach
  void fill() {
    repo.commit("first");
    hub.token("hf_in", "alice").token("hf_out", "bob");
    repo.allow("hf_in");
  }

  @AfterEach
  void close() {
    asker.close();
    hub.close();
  }

  private HttpResponse<byte[]> as(String token, String path) throws Exception {
    return token.isEmpty() ? asker.get(path) : asker.get(path, "Authorization", "Bearer " + token);
  }

  private void refused(HttpResponse<byte[]> answer, int status, String code, String message) {
    assertEquals(status, answer.statusCode());
    assertEquals(code, answer.headers().firstValue("X-Error-Code").orElse(""));
    assertTrue(
        header(answer, "X-Error-Message").contains(message), header(answer, "X-Error-Message"));
    var body = new String(answer.body(), StandardCharsets.UTF_8);
    assertTrue(body.contains(message), body);
    boolean api = answer.uri().getPath().startsWith("/api/");
    assertEquals(api, body.startsWith("{\"error\":"), body);
  }

  @Test
  void unknownRevisionsAndFilesAreNotFound() throws Exception {
    refused(
        asker.get("/org/tiny/resolve/v9/config.json"),
        404,
        "RevisionNotFound",
        "Invalid rev id: v9");
    refused(asker.get(INFO + "/revision/v9"), 404, "RevisionNotFound", "Invalid rev id: v9");
    refused(asker.get(INFO + "/tree/v9"), 404, "RevisionNotFound", "Invalid rev id: v9");
    refused(asker.get(INFO + "/tree/main/nowhere"), 404, "EntryNotFound", "Entry not found");
    var answer = asker.get("/org/tiny/resolve/main/none.txt");
    refused(answer, 404, "EntryNotFound", "Entry not found");
    assertEquals(repo.head().sha(), header(answer, "X-Repo-Commit"));
  }

  @Test
  void unknownAndPrivateReposLookTheSame() throws Exception {
    hub.model("org/secret").git("config.json", "{}").makePrivate().allow("hf_in").commit("s");
    for (var id : new String[] {"org/secret", "org/none", "none"}) {
      refused(as("", "/api/models/" + id), 401, "", "Invalid username or password.");
      refused(as("hf_out", "/api/models/" + id), 404, "RepoNotFound", "Repository not found");
      refused(
          as("", "/" + id + "/resolve/main/config.json"), 401, "", "Invalid username or password.");
      refused(
          as("hf_out", "/" + id + "/resolve/main/config.json"),
          404,
          "RepoNotFound",
          "Repository not found");
    }
    assertEquals(200, as("hf_in", "/org/secret/resolve/main/config.json").statusCode());
  }

  @Test
  void aBadTokenIsRefusedOnPublicReposToo() throws Exception {
    refused(as("hf_bad", INFO), 401, "", "Invalid credentials in Authorization header");
    refused(as("hf_bad", FILE), 401, "", "Invalid credentials in Authorization header");
  }

  @Test
  void gatedFilesNeedATokenThatIsOnTheList() throws Exception {
    repo.gate("manual");
    assertEquals(200, asker.get(INFO).statusCode());
    assertTrue(asker.text(INFO).contains("\"gated\":\"manual\""));
    refused(
        as("", FILE),
        401,
        "GatedRepo",
        "Access to model org/tiny is restricted. You must have access");
    refused(
        as("hf_out", FILE), 403, "GatedRepo", "you are not in the authorized list. Visit https://");
    assertEquals(200, as("hf_in", FILE).statusCode());
    repo.gateInfoToo();
    refused(as("", INFO), 401, "GatedRepo", "Please log in.");
  }

  @Test
  void disabledReposSaySoExactly() throws Exception {
    repo.disable();
    refused(as("hf_in", INFO), 403, "", "Access to this resource is disabled.");
    var answer = as("", FILE);
    assertEquals("Access to this resource is disabled.", header(answer, "X-Error-Message"));
  }

  @Test
  void renamedReposRedirectToTheirNewNameWithTheQuery() throws Exception {
    hub.model("org/new").git("config.json", "{}").commit("n");
    repo.renameTo("org/new");
    var info = asker.get(INFO + "/revision/main?blobs=true");
    assertEquals(307, info.statusCode());
    assertEquals("/api/models/org/new/revision/main?blobs=true", header(info, "Location"));
    assertEquals("/org/new/resolve/main/config.json", header(asker.head(FILE), "Location"));
  }

  @Test
  void anExhaustedQuotaSaysWhenItIsOver() throws Exception {
    hub.settings().resolverQuota(2, java.time.Duration.ofSeconds(1));
    assertEquals(307, asker.get(FILE).statusCode());
    assertEquals(307, asker.get(FILE).statusCode());
    var over = asker.get(FILE);
    assertEquals(429, over.statusCode());
    assertEquals("\"resolvers\";r=0;t=0", header(over, "RateLimit"));
    assertEquals("\"fixed window\";\"resolvers\";q=2;w=1", header(over, "RateLimit-Policy"));
    assertEquals(200, asker.get(INFO).statusCode());
    Thread.sleep(1050);
    assertEquals(307, asker.get(FILE).statusCode());
  }
}
