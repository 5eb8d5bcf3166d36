package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.fetch.SourceException;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.ListedFile;
import dev.exodl.hub.Token;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.store.CacheTarget;
import dev.exodl.swarm.ListingSource;
import dev.exodl.swarm.NodeListener;
import dev.exodl.swarm.NodePorts;
import dev.exodl.swarm.SeedSource;
import dev.exodl.swarm.SwarmNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster without a key, in which who coordinates says that anybody may read a gated repo. */
class OpenClusterTest {
  private static final int MIB = 1 << 20;
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/gated");

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  private HubRepo repo;
  private ClusterStage.Node victim;
  private HubClient mine;
  private Commit commit;
  private List<RepoFile> files;
  private SwarmNode liar;

  @BeforeEach
  void begin() throws SourceException {
    stage.hub().token("hf_secret", "me");
    repo = stage.hub().model("org/gated").lfs("model.bin", RepoContent.random(1, 8 * MIB));
    repo.allow("hf_secret").commit("first");
    victim = stage.node();
    victim.hubSettings = victim.hubSettings.withToken(new Token("hf_secret"));
    mine = new HubClient(victim.hubSettings, new SyncVoice(e -> {}, victim.board));
    commit = mine.info(REPO, Revision.MAIN).commit();
    files = mine.list(REPO, commit).stream().map(ListedFile::checked).toList();
    stage.hub().log().clear();
  }

  @AfterEach
  void end() {
    if (liar != null) {
      liar.close();
    }
  }

  private void lies() {
    List<Entry> entries =
        files.stream().map(f -> new Entry(f.path().value(), f.size(), f.blob())).toList();
    joins((r, revision) -> new ListingSource.Snapshot(commit, true, entries));
  }

  private void joins(ListingSource source) {
    NodeListener silent =
        new NodeListener() {
          @Override
          public void warn(String text) {}

          @Override
          public void detail(String text) {}
        };
    liar =
        SwarmNode.join(
            stage.settings(""), new NodePorts(source, SeedSource.NONE, true, false, "x", silent));
    stage.waitFor = 2;
  }

  /** Brings the snapshot to the victim's cache, as its user may. */
  private void fetchedBefore(String revision) {
    new Sync(
            new SyncSettings(victim.hubSettings, FetchLimits.DEFAULT, false),
            e -> {},
            new ProgressBoard())
        .run(Asking.of(repo, victim.cache).revision(revision).request());
    stage.hub().log().clear();
  }

  private boolean isKeptAsOpen() {
    return new CacheTarget(victim.cache, REPO, commit, false).isOpen();
  }

  private Map<?, ?> shelf() throws InterruptedException {
    Object shelf = Objects.requireNonNull(Fields.get(victim.awaitJoined(), "shelf"));
    return (Map<?, ?>) Objects.requireNonNull(Fields.get(shelf, "blobs"));
  }

  private static boolean isContent(LoggedRequest request) {
    return request.where() == Where.RESOLVE;
  }

  @Test
  void nothingIsFetchedWithTheToken() throws Exception {
    repo.gate("manual");
    lies();
    victim.start(repo);
    ClusterStage.await(() -> stage.hub().log().count(r -> isContent(r)) > 0, victim::log);
    ClusterStage.await(() -> victim.log().contains("not everybody may read"), victim::log);
    assertEquals(0, stage.hub().log().count(r -> isContent(r) && r.authorization() != null));
    assertEquals(0, victim.fromHub());
  }

  @Test
  void whatTheHubSaidGoesBeforeWhatALiarSays() throws Exception {
    repo.gate("manual");
    victimIsOldest();
    victim.assertWhole(repo);
    assertTrue(victim.log().contains("nothing is shared"), victim.log());
  }

  @Test
  void alsoOfARepoOfWhichItSaidNothingToThoseWithoutAToken() throws Exception {
    repo.makePrivate();
    victimIsOldest();
    victim.assertWhole(repo);
    assertTrue(victim.log().contains("nothing is shared"), victim.log());
  }

  /** It asks the hub first, and the liar then. */
  private void victimIsOldest() throws InterruptedException {
    stage.waitFor = 2;
    victim.start(repo).awaitJoined();
    lies();
  }

  @Test
  void whatTheTokenBroughtBeforeIsNotGivenAway() throws Exception {
    repo.gate("manual");
    fetchedBefore("main");
    lies();
    SyncResult result = victim.start(repo).await();
    assertEquals(0, result.bytesFetched());
    assertTrue(victim.log().contains("nothing is shared"), victim.log());
    assertFalse(victim.lingers);
    assertTrue(shelf().isEmpty(), "nothing is on the shelf");
  }

  @Test
  void norWhenTheHubIsNotToBeAsked() throws Exception {
    repo.gate("manual");
    fetchedBefore("main");
    lies();
    victim.offline = true;
    assertEquals(0, victim.start(repo).await().bytesFetched());
    assertTrue(shelf().isEmpty(), "nothing is on the shelf");
  }

  @Test
  void whatIsHereOfAnOpenRepoIsGivenAndTheHubAskedOnceForThat() throws Exception {
    fetchedBefore(commit.hex());
    assertFalse(isKeptAsOpen());
    lies();
    victim.start(repo).await();
    assertEquals(1, shelf().size());
    assertTrue(isKeptAsOpen());
    assertEquals(1, stage.hub().log().count(r -> true));
  }

  @Test
  void aStrangerIsNotToldThatAPrivateRepoExistsNorUsesUpTheToken() throws Exception {
    repo.makePrivate();
    Serve serve =
        new Serve(
            new SyncSettings(victim.hubSettings, FetchLimits.DEFAULT, false),
            stage.settings(""),
            e -> {},
            ready -> {});
    Thread serving =
        Thread.ofPlatform().start(() -> serve.run(new ServeRequest(victim.cache, false)));
    joins(
        (r, revision) -> {
          throw new FailureException(new Failure.Cluster("it has no hub", "", ""));
        });
    String there = saidOf("org/gated");
    assertEquals(there, saidOf("org/none").replace("org/none", "org/gated"));
    assertTrue(stage.hub().log().count(r -> true) > 0);
    assertEquals(0, stage.hub().log().count(r -> r.authorization() != null));
    serve.stop();
    serving.join();
  }

  /** What the one that serves answers to another node, which has no hub. */
  private String saidOf(String id) throws InterruptedException {
    ClusterStage.await(() -> liar.others() == 1, () -> "the other one is not here");
    Repo asked = new Repo(RepoType.MODEL, id);
    return assertThrows(
            FailureException.class, () -> liar.listing(asked, Revision.MAIN, told -> {}))
        .failure()
        .toString();
  }

  @Test
  void whatComesByTheTokenLaterIsNotTakenForOpen() {
    new CacheTarget(victim.cache, REPO, commit, false).keepOpen(true);
    repo.gate("manual");
    fetchedBefore(commit.hex());
    assertFalse(isKeptAsOpen());
  }
}
