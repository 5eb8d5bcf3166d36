package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  private static final Repo DATA = new Repo(RepoType.DATASET, "org/set");
  private static final Commit COMMIT = new Commit("a".repeat(40));

  @Test
  void neverPrintsTheToken() {
    Token token = Token.in(" hf_secret\r\n");
    assertEquals(new Token("hf_secret"), token);
    assertEquals("Token[hidden]", String.valueOf(token));
    assertFalse(
        HubSettings.of(HubSettings.PUBLIC_HUB).withToken(token).toString().contains("secret"));
  }

  @Test
  void anEmptyTokenIsNone() {
    assertNull(Token.in(null));
    assertNull(Token.in(""));
    assertNull(Token.in(" \r\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf_se cret", "hf_secrt\u00e9", "hf_secret\u0000"})
  void refusesATokenThatNoHeaderTakesWithoutShowingIt(String text) {
    Failure failure = assertThrows(FailureException.class, () -> Token.in(text)).failure();
    assertInstanceOf(Failure.Usage.class, failure);
    assertFalse(failure.toString().contains("hf_se"));
  }

  @Test
  void dropsSlashesAtTheEndOfTheEndpoint() {
    assertEquals(HubSettings.PUBLIC_HUB, HubSettings.endpoint(" https://huggingface.co// "));
    assertEquals("https://m.example/hf", HubSettings.endpoint("https://m.example/hf/").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "huggingface.co",
        "ftp://x",
        "https://",
        "https://u:p@x",
        "https://x?y=1",
        "https://x y",
        ""
      })
  void refusesAnEndpointThatIsNoAddress(String text) {
    Failure failure =
        assertThrows(FailureException.class, () -> HubSettings.endpoint(text)).failure();
    assertInstanceOf(Failure.Usage.class, failure);
    assertFalse(failure.what().contains("u:p"));
  }

  @Test
  void makesTheHubsAddresses() {
    HubAddresses hub = new HubAddresses(URI.create("https://m.example/hf"));
    assertEquals(
        "https://m.example/hf/api/datasets/org/set/revision/refs%2Fpr%2F3",
        hub.revision(DATA, new Revision("refs/pr/3")).toString());
    assertEquals(
        "https://m.example/hf/datasets/org/set/resolve/" + COMMIT + "/a%20b/%C3%BC%23%3F%25.bin",
        hub.file(DATA, COMMIT, new RepoPath("a b/ü#?%.bin")).toString());
    assertEquals("https://m.example/hf/datasets/org/set", hub.page(DATA));
  }

  @ParameterizedTest
  @CsvSource({
    "https://hub.example/x, true",
    "https://HUB.example:443/x, true",
    "https://hub.example:8443/x, false",
    "http://hub.example/x, false",
    "https://hub.example.evil/x, false",
    "https://evil/hub.example, false",
    "https://sub.hub.example/, false",
  })
  void onlyTheEndpointsOriginIsHome(String address, boolean home) {
    HubAddresses hub = new HubAddresses(URI.create("https://hub.example"));
    assertEquals(home, hub.isHome(URI.create(address)));
  }

  @Test
  void theUserAgentTellsLessWithoutTelemetry() {
    assertTrue(UserAgent.text("1.2", null, false).equals("exo-dl/1.2"));
    assertTrue(
        UserAgent.text("1.2", "my tool\r\n", false).matches("exo-dl/[^; ]+; origin/my-tool"));
    assertTrue(UserAgent.text("1.2", null, true).contains("; java/"));
  }
}
