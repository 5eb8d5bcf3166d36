package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.Host;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.model.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may have what, and where the token goes: to the hub, and nowhere else. */
class SecretsTest {
  private static final String TOKEN = "hf_secret";

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}").lfs("model.bin", RepoContent.random(1, 5 * MIB)).commit("first");
    return repo;
  }

  private HubRepo secretModel() {
    HubRepo repo = model().makePrivate().allow(TOKEN);
    stage.hub().token(TOKEN, "me");
    stage.token(TOKEN);
    return repo;
  }

  private void assertTokenWentToTheHubOnly() {
    assertTrue(
        stage.hub().log().requests(r -> r.host() != Host.HUB).stream()
            .allMatch(r -> !r.headers().toString().contains(TOKEN) && !r.query().contains(TOKEN)),
        "another host saw the token");
    assertTrue(
        stage.hub().log().count(r -> ("Bearer " + TOKEN).equals(r.authorization())) > 0,
        "the hub saw the token");
  }

  private long foreignRequests() {
    return stage.hub().log().requests(Where.FOREIGN).size();
  }

  @Test
  void fetchesAPrivateModelAndShowsTheCdnNoToken() throws Exception {
    stage.syncsWhole(secretModel());
    assertTrue(stage.hub().log().requests(Where.CDN).size() > 0);
    assertTokenWentToTheHubOnly();
    assertTrue(stage.events().stream().noneMatch(e -> e.toString().contains(TOKEN)), "told");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void followsARedirectOfAFileToAnotherHostWithoutTheToken(int status) throws Exception {
    HubRepo repo = secretModel();
    stage.hub().faults().on(Where.RESOLVE).then(new Fault.RedirectToForeignHost(status));
    stage.syncsWhole(repo);
    assertTrue(foreignRequests() > 0);
    assertTokenWentToTheHubOnly();
  }

  @Test
  void followsARedirectOfTheCdnToAnotherHostWithoutTheToken() throws Exception {
    HubRepo repo = secretModel();
    stage.hub().faults().on(Where.CDN).then(new Fault.RedirectToForeignHost(302));
    stage.syncsWhole(repo);
    assertTrue(foreignRequests() > 0);
    assertTokenWentToTheHubOnly();
  }

  @Test
  void asksNoOtherHostForWhatTheHubShouldAnswer() throws Exception {
    HubRepo repo = secretModel();
    stage.hub().faults().on(Where.HUB_API).then(new Fault.RedirectToForeignHost(302));
    Failure failure = stage.fails(repo);
    assertTrue(
        failure.exitCode().number() == 12 || failure.exitCode().number() == 13, failure::line);
    assertTokenWentToTheHubOnly();
    stage.assertNothingVisible(repo);
  }

  @Test
  void doesNotFollowAListingToAnotherHost() throws Exception {
    HubRepo repo = stage.hub().model("org/many");
    Fixtures.manySmallFiles(repo, 20, false);
    repo.allow(TOKEN);
    stage.hub().token(TOKEN, "me").settings().pageSize(10, 10);
    stage.token(TOKEN);
    stage.hub().faults().on(Where.HUB_API).then(new Fault.LinkNextForeignHost());
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Integrity.class, failure);
    assertTrue(failure.what().startsWith("the listing goes on at another host"), failure::line);
    assertEquals("nothing was sent there; report it to whoever runs the endpoint", failure.next());
    assertEquals(0, foreignRequests());
    stage.assertNothingVisible(repo);
  }

  @Test
  void saysThatAGatedModelWantsAToken() throws Exception {
    HubRepo repo = model().gate("auto");
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Auth.class, failure);
    assertTrue(failure.what().contains("is gated and no token was given"), failure::line);
    assertTrue(failure.next().contains("ask for access at"), failure::line);
    stage.assertNothingVisible(repo);
  }

  @Test
  void saysThatTheTokensUserHasNoAccess() throws Exception {
    HubRepo repo = model().gate("manual").gateInfoToo();
    stage.hub().token(TOKEN, "me");
    stage.token(TOKEN);
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Auth.class, failure);
    assertTrue(failure.what().contains("the token's user has no access"), failure::line);
  }

  @Test
  void fetchesAGatedModelWithTheRightToken() throws Exception {
    HubRepo repo = model().gate("auto").allow(TOKEN);
    stage.hub().token(TOKEN, "me");
    stage.token(TOKEN);
    stage.syncsWhole(repo);
    assertTokenWentToTheHubOnly();
  }

  @Test
  void saysThatARepoIsMissingOrPrivate() throws Exception {
    HubRepo repo = model().makePrivate();
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.NotFound.class, failure);
    assertTrue(failure.what().contains("org/model does not exist or is private"), failure::line);
  }

  @Test
  void saysThatARevisionIsMissing() {
    HubRepo repo = model();
    Failure failure = stage.fails(stage.asking(repo).revision("v9").request());
    assertInstanceOf(Failure.NotFound.class, failure);
    assertTrue(failure.what().contains("has no revision 'v9'"), failure::line);
  }

  @Test
  void saysThatAFileIsMissing() {
    HubRepo repo = model();
    Failure failure = stage.fails(stage.asking(repo).files("config.json", "weights.bin").request());
    assertInstanceOf(Failure.NotFound.class, failure);
    assertEquals("no file 'weights.bin'", failure.what());
  }

  @Test
  void saysThatTheHubDisabledARepo() {
    Failure failure = stage.fails(model().disable());
    assertInstanceOf(Failure.Auth.class, failure);
    assertTrue(failure.what().contains("was disabled by the hub"), failure::line);
  }

  @Test
  void saysThatTheTokenIsBadAlsoForAPublicRepo() {
    stage.token("hf_mistyped");
    Failure failure = stage.fails(model());
    assertInstanceOf(Failure.Auth.class, failure);
    assertTrue(failure.what().startsWith("the hub does not accept the token"), failure::line);
    assertTrue(!failure.line().contains("hf_mistyped"), "the token is not shown");
  }

  @Test
  void followsARenamedRepo() throws Exception {
    HubRepo repo = model();
    stage.hub().model("old/name").renameTo("org/model");
    SyncResult result = stage.sync(stage.hub().model("old/name"));
    SyncStage.assertWhole(repo, result.path());
  }
}
