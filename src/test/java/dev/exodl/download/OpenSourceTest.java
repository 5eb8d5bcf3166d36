package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.HubSettings;
import dev.exodl.hub.ListedFile;
import dev.exodl.hub.Token;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node with a token that fetches for a cluster without a key. */
class OpenSourceTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/model");

  private final HubEmulator hub = HubEmulator.start();
  private final HubRepo repo = hub.model("org/model");
  private final HubSettings settings =
      HubSettings.of(HubSettings.endpoint(hub.url())).withToken(new Token("hf_mine"));
  private final SyncVoice voice = new SyncVoice(e -> {}, new ProgressBoard());
  private final HubClient own = new HubClient(settings, voice);
  private final RepoFile file;
  private final OpenSource source;

  OpenSourceTest() throws SourceException {
    hub.token("hf_mine", "me");
    repo.lfs("model.bin", RepoContent.random(1, 1 << 20)).allow("hf_mine").commit("first");
    Commit commit = own.info(REPO, Revision.MAIN).commit();
    file = own.list(REPO, commit).stream().map(ListedFile::checked).findFirst().orElseThrow();
    source = new OpenSource(new HubClient(settings.withToken(null), voice), own, REPO, commit);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private void read() throws SourceException {
    source.open(file, new ByteRange(0, 1000)).close();
  }

  private Failure refused() {
    Trouble trouble = assertThrows(SourceException.class, this::read).trouble();
    return assertInstanceOf(Trouble.Refused.class, trouble).failure();
  }

  private long withToken() {
    return hub.log().count(r -> isContent(r) && r.authorization() != null);
  }

  private long infos() {
    return hub.log().count(r -> r.path().contains("/revision/")) - 1;
  }

  private static boolean isContent(LoggedRequest request) {
    return request.where() == Where.RESOLVE;
  }

  @Test
  void contentForOthersIsFetchedWithoutTheToken() throws Exception {
    read();
    assertEquals(0, withToken());
    assertEquals(0, infos());
  }

  @Test
  void whatIsGatedIsNotFetchedThoughTheTokenCouldAndTheUserIsToldWhy() {
    repo.gate("manual");
    Failure.Auth failure = assertInstanceOf(Failure.Auth.class, refused());
    assertEquals(
        "not everybody may read org/model, and a cluster without a key shares only what anybody may"
            + " read",
        failure.what());
    assertTrue(failure.next().contains("--cluster-key"), failure.next());
    assertEquals(0, withToken());
  }

  @Test
  void whatIsPrivateIsNotFetchedEither() {
    repo.makePrivate();
    Failure failure = refused();
    assertTrue(failure.what().contains("those without a token"), failure.what());
    assertTrue(failure.next().contains("--cluster-key"), failure.next());
    assertEquals(0, withToken());
  }

  @Test
  void whenTheHubWantsQuietOfThoseWithoutATokenTheTokenRaisesTheQuota() throws Exception {
    hub.faults().on(Where.RESOLVE).when(r -> r.authorization() == null).then(Fault.rateLimited(30));
    read();
    assertEquals(1, withToken());
    read();
    assertEquals(1, infos());
  }

  @Test
  void whetherItIsOpenIsAskedAgainWhenTheHubDidNotAnswer() throws Exception {
    hub.faults().on(Where.RESOLVE).when(r -> r.authorization() == null).then(Fault.rateLimited(30));
    hub.faults().on(Where.HUB_API).times(1).then(Fault.status(503));
    Trouble trouble = assertThrows(SourceException.class, this::read).trouble();
    assertInstanceOf(Trouble.Throttled.class, trouble);
    read();
    assertEquals(1, withToken());
    assertEquals(2, infos());
  }

  @Test
  void whatIsDisabledIsNotTakenForGated() {
    repo.disable();
    Failure.Auth failure = assertInstanceOf(Failure.Auth.class, refused());
    assertTrue(failure.what().contains("disabled by the hub"), failure.what());
  }

  @Test
  void norIsWhatSomebodyInBetweenForbids() {
    hub.faults().on(Where.RESOLVE).then(Fault.status(403));
    Failure.Auth failure = assertInstanceOf(Failure.Auth.class, refused());
    assertTrue(failure.what().contains("forbids access"), failure.what());
  }

  @Test
  void butNotForWhatIsGated() {
    repo.gate("manual");
    for (int i = 0; i < 2; i++) {
      hub.faults()
          .on(Where.RESOLVE)
          .when(r -> r.authorization() == null)
          .then(Fault.rateLimited(30));
      Trouble trouble = assertThrows(SourceException.class, this::read).trouble();
      assertInstanceOf(Trouble.Throttled.class, trouble);
    }
    assertEquals(0, withToken());
    assertEquals(1, infos());
  }
}
