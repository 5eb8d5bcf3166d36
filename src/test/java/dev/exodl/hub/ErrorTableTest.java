package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTableTest {
  private static final URI AT =
      URI.create("https://huggingface.co/api/datasets/org/set/revision/main?x=1");

  private static Answer answer(int status, String code, String message, String body) {
    Map<String, List<String>> headers = new TreeMap<>();
    if (!code.isEmpty()) {
      headers.put("x-error-code", List.of(code));
    }
    if (!message.isEmpty()) {
      headers.put("x-error-message", List.of(message));
    }
    headers.put("x-request-id", List.of("Root=1-2-3"));
    return new Answer(AT, status, new Headers(headers), body);
  }

  private static Asked asked(boolean withToken) {
    Repo repo = new Repo(RepoType.DATASET, "org/set");
    return new Asked(repo, "https://huggingface.co/datasets/org/set", "main", "a.bin", withToken);
  }

  @ParameterizedTest
  @CsvSource({
    "404, RevisionNotFound, '', true, NotFound, dataset org/set has no revision 'main'",
    "404, EntryNotFound, Entry not found, false, NotFound, dataset org/set has no file 'a.bin' at main",
    "404, RepoNotFound, '', true, NotFound, dataset org/set does not exist or is private",
    "401, RepoNotFound, '', false, NotFound, dataset org/set does not exist or is private",
    "401, '', Invalid username or password., false, NotFound, dataset org/set does not exist or is private",
    "401, GatedRepo, Please log in., false, Auth, dataset org/set is gated and no token was given",
    "403, GatedRepo, Visit us, true, Auth, dataset org/set is gated and the token's user has no access",
    "403, '', Access to this resource is disabled., true, Auth, dataset org/set was disabled by the hub",
    "401, '', Invalid credentials in Authorization header, true, Auth, the hub does not accept the token",
    "403, '', No., true, Auth, the hub forbids access to dataset org/set: 403: No. (request Root=1-2-3)",
    "404, '', '', true, NotFound, dataset org/set has no file 'a.bin' at main",
    "418, '', Teapot, true, Network, huggingface.co answered 418: Teapot (request Root=1-2-3)",
    "407, '', '', true, Network, 'the proxy wants a user and password, or other ones'",
  })
  void eachErrorOfTheHubHasItsFailure(
      int status, String code, String message, boolean token, String kind, String what) {
    Trouble trouble = ErrorTable.trouble(answer(status, code, message, ""), asked(token));
    Failure failure = assertInstanceOf(Trouble.Refused.class, trouble).failure();
    assertEquals(kind, failure.getClass().getSimpleName());
    assertEquals(what, failure.what());
    assertEquals("https://huggingface.co/api/datasets/org/set/revision/main", failure.where());
    assertTrue(failure.next().length() > 10);
  }

  @Test
  void readsTheMessageFromTheBodyWhenNoHeaderHasIt() {
    assertEquals("Bad thing", answer(400, "", "", "{\"error\":\"Bad thing\"}").message());
    assertEquals("Not here", answer(400, "", "", "Not here\nmore").message());
    assertEquals("", answer(400, "", "", "<html>x</html>").message());
    Answer bad = answer(401, "", "", "{\"error\":\"Invalid credentials in Authorization header\"}");
    assertInstanceOf(
        Failure.Auth.class,
        assertInstanceOf(Trouble.Refused.class, ErrorTable.trouble(bad, asked(true))).failure());
  }

  @Test
  void makesTheHubsWordsFitForATerminal() {
    assertEquals("a\\u001b[31m", answer(400, "", "a\u001b[31m", "").message());
  }

  @Test
  void takesAWebPageForSomethingInBetween() {
    for (int status : new int[] {404, 400, 451}) {
      Trouble trouble =
          ErrorTable.trouble(answer(status, "", "", "<!DOCTYPE html><title>"), asked(false));
      Failure failure = assertInstanceOf(Trouble.Refused.class, trouble).failure();
      assertTrue(failure.what().contains("is not the hub, or a proxy is in between"));
    }
  }

  @Test
  void saysThatTheTokenDidNotGoAlongToAnotherHost() {
    Asked elsewhere =
        asked(true).at(AT, new HubAddresses(URI.create("https://mirror.example.com")));
    Trouble trouble = ErrorTable.trouble(answer(401, "", "no", ""), elsewhere);
    Failure failure = assertInstanceOf(Trouble.Refused.class, trouble).failure();
    assertEquals(
        "the endpoint redirected to huggingface.co, which wants a token; it is sent to the endpoint only",
        failure.what());
  }
}
