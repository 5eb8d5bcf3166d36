package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HubClientTest {
  private final HubEmulator emulator = HubEmulator.start();
  private final HubRepo repo = HubFixture.repo(emulator);
  private HubFixture hub = new HubFixture(emulator);

  @BeforeEach
  void fill() {
    repo.git("config.json", "{}").lfs("model.safetensors", RepoContent.random(1, 5000));
    repo.commit("first");
    emulator.token("hf_mine", "me").token("hf_other", "somebody");
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  private HubFixture with(String token) {
    return new HubFixture(emulator, s -> s.withToken(Token.in(token)));
  }

  @Test
  void resolvesBranchesTagsRefsAndCommits() throws SourceException {
    String first = repo.head().sha();
    repo.tag("v1", first).move("refs/pr/3", first).move("feature/x", first);
    for (String name : List.of("main", "v1", "refs/pr/3", "feature/x", first)) {
      assertEquals(first, hub.client.resolve(HubFixture.REPO, new Revision(name)).hex(), name);
    }
  }

  @Test
  void followsARenamedRepo() throws SourceException {
    emulator.model("old/name").renameTo("org/tiny");
    Repo old = new Repo(RepoType.MODEL, "old/name");
    RepoInfo info = hub.client.info(old, Revision.MAIN);
    assertEquals("org/tiny", info.id());
    assertEquals(2, hub.client.list(old, info.commit()).size());
  }

  @Test
  void tellsGatedAndPrivateReposFromOpenOnes() throws SourceException {
    assertFalse(hub.client.info(HubFixture.REPO, Revision.MAIN).isGated());
    repo.gate("manual").makePrivate().allow("hf_mine");
    RepoInfo info = with("hf_mine").client.info(HubFixture.REPO, Revision.MAIN);
    assertTrue(info.isGated());
    assertTrue(info.isPrivate());
  }

  @Test
  void listsDatasetsAndSpaces() throws SourceException {
    emulator.dataset("org/data").git("a.txt", "a").commit("c");
    emulator.space("org/app").git("b.txt", "b").commit("c");
    for (RepoType type : List.of(RepoType.DATASET, RepoType.SPACE)) {
      Repo asked = new Repo(type, type == RepoType.DATASET ? "org/data" : "org/app");
      Commit commit = hub.client.resolve(asked, Revision.MAIN);
      ListedFile file = hub.client.list(asked, commit).getFirst();
      byte[] bytes =
          HubFixture.read(
              hub.client
                  .source(asked, commit)
                  .open(file.checked(), new dev.exodl.model.ByteRange(0, file.size())));
      assertEquals(1, bytes.length);
    }
  }

  @Test
  void trustsTheLfsEntryOverThePointersSizeAndHash() throws SourceException {
    repo.showPointerSizes();
    ListedFile file =
        hub.client.list(HubFixture.REPO, hub.main()).stream()
            .filter(f -> f.path().equals("model.safetensors"))
            .findFirst()
            .orElseThrow();
    assertEquals(5000, file.size());
    assertTrue(file.blob() instanceof BlobId.Sha256);
  }

  @Test
  void listsFiveThousandFilesInPages() throws SourceException {
    for (int i = 0; i < 5000; i++) {
      repo.git("data/%04d.txt".formatted(i), "text " + i);
    }
    repo.commit("many");
    assertEquals(5002, hub.client.list(HubFixture.REPO, hub.main()).size());
    assertEquals(7, emulator.log().requests(Where.HUB_API).size(), "1 to resolve, 6 pages");
  }

  @Test
  void asksAFailedPageAgainWithoutThoseBefore() throws SourceException {
    emulator.settings().pageSize(1, 1);
    repo.git("third", "3").commit("three");
    Commit commit = hub.main();
    Listing listing = hub.client.listing(HubFixture.REPO, commit);
    assertEquals(1, listing.nextPage().size());
    emulator.faults().on(Where.HUB_API).times(1).then(Fault.status(503));
    HubFixture.trouble(Trouble.Busy.class, listing::nextPage);
    int files = 1;
    while (listing.hasNext()) {
      files += listing.nextPage().size();
    }
    assertEquals(3, files);
  }

  @Test
  void doesNotFollowAListingToAForeignHost() throws SourceException {
    emulator.settings().pageSize(1, 1);
    hub = with("hf_mine");
    Commit commit = hub.main();
    emulator.faults().on(Where.HUB_API).then(new Fault.LinkNextForeignHost());
    Failure.Integrity failure =
        HubFixture.failure(Failure.Integrity.class, () -> hub.client.list(HubFixture.REPO, commit));
    assertTrue(failure.what().contains("goes on at another host"), failure.what());
    assertEquals(0, emulator.log().requests(Where.FOREIGN).size());
  }

  @Test
  void tellsGatedReposWithAndWithoutToken() throws SourceException {
    repo.gate("auto").gateInfoToo();
    Failure.Auth none = HubFixture.failure(Failure.Auth.class, hub::main);
    assertEquals("model org/tiny is gated and no token was given", none.what());
    assertTrue(none.next().contains(emulator.url() + "/org/tiny"), none.next());
    assertTrue(none.next().contains("--token"), none.next());
    HubFixture other = with("hf_other");
    Failure.Auth listed = HubFixture.failure(Failure.Auth.class, other::main);
    assertEquals("model org/tiny is gated and the token's user has no access", listed.what());
    assertTrue(listed.next().contains(emulator.url() + "/org/tiny"), listed.next());
    repo.allow("hf_mine");
    assertNotNull(with("hf_mine").main());
  }

  @Test
  void tellsFilesOfAGatedRepoThatCanBeListed() throws SourceException {
    repo.gate("auto");
    for (String path : List.of("config.json", "model.safetensors")) {
      var file = hub.file(path);
      Failure.Auth failure = HubFixture.failure(Failure.Auth.class, () -> hub.open(file, 0, 2));
      assertTrue(failure.what().contains("gated"), failure.what());
    }
  }

  @Test
  void tellsAMissingOrPrivateRepo() {
    Repo missing = new Repo(RepoType.MODEL, "no/such");
    Failure.NotFound none =
        HubFixture.failure(
            Failure.NotFound.class, () -> hub.client.resolve(missing, Revision.MAIN));
    assertEquals("model no/such does not exist or is private", none.what());
    assertTrue(none.next().contains("if it is private, give a token by --token"), none.next());
    Failure.NotFound sure =
        HubFixture.failure(
            Failure.NotFound.class, () -> with("hf_mine").client.resolve(missing, Revision.MAIN));
    assertEquals("model no/such does not exist or is private", sure.what());
    assertFalse(sure.next().contains("--token"), sure.next());
  }

  @Test
  void tellsAMissingRevision() {
    Failure.NotFound failure =
        HubFixture.failure(
            Failure.NotFound.class,
            () -> hub.client.resolve(HubFixture.REPO, new Revision("nope")));
    assertEquals("model org/tiny has no revision 'nope'", failure.what());
  }

  @Test
  void tellsAMissingFile() throws SourceException {
    var file = hub.file("config.json");
    String second = repo.remove("config.json").commit("second");
    Failure.NotFound failure =
        HubFixture.failure(
            Failure.NotFound.class,
            () ->
                hub.client
                    .source(HubFixture.REPO, new Commit(second))
                    .open(file, new dev.exodl.model.ByteRange(0, 2)));
    assertEquals("model org/tiny has no file 'config.json' at " + second, failure.what());
  }

  @Test
  void tellsADisabledRepo() {
    repo.disable();
    Failure.Auth failure = HubFixture.failure(Failure.Auth.class, hub::main);
    assertEquals("model org/tiny was disabled by the hub", failure.what());
  }

  @Test
  void tellsABadTokenAlsoAtPublicRepos() {
    Failure.Auth failure = HubFixture.failure(Failure.Auth.class, () -> with("hf_bad").main());
    assertEquals("the hub does not accept the token", failure.what());
    assertFalse(failure.toString().contains("hf_bad"));
    HubFixture.failure(Failure.Auth.class, () -> with("hf_bad").client.whoami());
  }

  @Test
  void tellsWhoTheTokenBelongsTo() throws SourceException {
    Whoami me = with("hf_mine").client.whoami();
    assertNotNull(me);
    assertEquals("me", me.name());
    assertNull(hub.client.whoami());
  }

  @Test
  void passesOnHowLongTheHubWantsToWait() {
    emulator.faults().on(Where.HUB_API).times(1).then(Fault.rateLimited(55));
    assertEquals(
        Duration.ofSeconds(56), HubFixture.trouble(Trouble.Throttled.class, hub::main).delay());
    emulator.faults().on(Where.HUB_API).times(1).then(Fault.retryAfter(429, 9));
    assertEquals(
        Duration.ofSeconds(9), HubFixture.trouble(Trouble.Throttled.class, hub::main).delay());
    emulator
        .faults()
        .on(Where.HUB_API)
        .times(1)
        .then(Fault.retryAtDate(429, Duration.ofSeconds(30)));
    Duration date = HubFixture.trouble(Trouble.Throttled.class, hub::main).delay();
    assertNotNull(date);
    assertTrue(date.toSeconds() >= 28 && date.toSeconds() <= 32, date.toString());
    for (int status : new int[] {408, 500, 502, 503, 504}) {
      emulator.faults().on(Where.HUB_API).times(1).then(Fault.status(status));
      assertNull(HubFixture.trouble(Trouble.Busy.class, hub::main).delay());
    }
  }

  @Test
  void tellsALoginPageInsteadOfTheHub() {
    emulator.faults().on(Where.HUB_API).then(new Fault.CaptivePortal());
    Failure.Network failure = HubFixture.failure(Failure.Network.class, hub::main);
    assertTrue(failure.what().contains("it answered with a web page"), failure.what());
    assertTrue(failure.next().contains("HF_ENDPOINT"), failure.next());
  }

  @Test
  void doesNotAskAForeignHostForMetadata() {
    emulator.faults().on(Where.HUB_API).then(new Fault.RedirectToForeignHost(302));
    Failure.Network failure =
        HubFixture.failure(Failure.Network.class, () -> with("hf_mine").main());
    assertTrue(failure.what().contains("it redirected to"), failure.what());
    assertEquals(0, emulator.log().requests(Where.FOREIGN).size());
  }

  @Test
  void tellsAHubThatIsNotThere() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    HubClient client =
        new HubClient(
            HubSettings.of(HubSettings.endpoint("http://127.0.0.1:" + port)), HubListener.NONE);
    Trouble.Broken broken =
        HubFixture.trouble(
            Trouble.Broken.class, () -> client.resolve(HubFixture.REPO, Revision.MAIN));
    assertEquals("127.0.0.1:" + port + " refused the connection", broken.what());
  }

  @Test
  void tellsBrokenAnswersAsWorthARetry() {
    for (Fault fault :
        List.of(
            new Fault.DropConnection(),
            new Fault.Garbage(),
            new Fault.SlowFirstByte(Duration.ofSeconds(20)))) {
      var rule = emulator.faults().on(Where.HUB_API);
      rule.then(fault);
      HubFixture brief =
          new HubFixture(emulator, s -> s.withTimeouts(HubFixture.SHORT, HubFixture.SHORT));
      HubFixture.trouble(Trouble.Broken.class, brief::main);
      rule.remove();
    }
  }

  @Test
  void tellsTheHubsWarningsOnceATopic() throws SourceException {
    emulator.settings().warning("old-client", "please update").warning("", "hello");
    hub.main();
    hub.client.list(HubFixture.REPO, hub.main());
    assertEquals(List.of("please update", "hello"), hub.warnings);
  }

  @Test
  void saysWhoItIs() throws SourceException {
    hub.main();
    var request = emulator.log().all().getFirst();
    assertTrue(String.valueOf(request.header("User-Agent")).startsWith("exo-dl/"));
    assertNotNull(request.header("X-Amzn-Trace-Id"));
    assertNull(request.header("Cache-Control"));
    assertEquals(1, hub.client.requests());
    assertEquals(1, hub.traces.size());
  }
}
