package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.emulator.Blob;
import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.swarm.Inside;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Nodes without a key that find something on their disk which this run did not fetch, of a repo
 * that anybody may read.
 */
class EarlierRunsTest {
  private static final int MIB = 1 << 20;

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  private static boolean asks(LoggedRequest request) {
    return request.path().contains("/revision/");
  }

  private static Map<?, ?> shelf(ClusterStage.Node node) throws InterruptedException {
    Object shelf = Objects.requireNonNull(Fields.get(node.awaitJoined(), "shelf"));
    return (Map<?, ?>) Objects.requireNonNull(Fields.get(shelf, "blobs"));
  }

  @Test
  void twoProcessesOnOneCacheBothGoOnAskingTheHub() throws Exception {
    HubRepo repo = stage.model(24 * MIB, 6);
    stage.hub().settings().totalRate(8 * MIB);
    stage.waitFor = 2;
    ClusterStage.Node one = stage.node();
    List<ClusterStage.Node> both = List.of(one, stage.node(one.cache));
    stage.sync(repo, both);
    for (ClusterStage.Node node : both) {
      assertTrue(Inside.asksHub(node.awaitJoined()), node.log());
    }
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void whoGoesOnWithAFileOfACutOffDownloadOutlivesTheCoordinator() throws Exception {
    HubRepo repo = stage.model(24 * MIB, 1);
    stage.hub().settings().totalRate(6 * MIB);
    List<ClusterStage.Node> nodes = stage.together(2);
    ClusterStage.Node second = nodes.getLast();
    leaveCutOff(repo, "model.safetensors", second.cache);
    nodes.getFirst().start(repo).awaitJoined();
    second.start(repo);
    stage.awaitSent(8 * MIB);
    assertTrue(nodes.getFirst().coordinates());
    assertTrue(Inside.asksHub(second.awaitJoined()), second.log());
    nodes.getFirst().stop();
    second.assertWhole(repo);
  }

  @Test
  void whereItCannotBeAskedOthersFetchThatFileAndTheRestIsShared() throws Exception {
    HubRepo repo = stage.model(24 * MIB, 2);
    stage.hub().settings().totalRate(8 * MIB);
    List<ClusterStage.Node> nodes = stage.together(2);
    ClusterStage.Node second = nodes.getLast();
    leaveCutOff(repo, "model-00001-of-00002.safetensors", second.cache);
    stage.hub().faults().on(Where.HUB_API).when(second::isMine).then(Fault.status(500));
    nodes.getFirst().start(repo).awaitJoined();
    second.start(repo);
    stage.awaitWhole(repo, nodes);
    assertTrue(Inside.asksHub(second.awaitJoined()), second.log());
    assertTrue(second.fromHub() > 0, second.log());
    Map<?, ?> given = shelf(second);
    assertEquals(repo.head().files().size() - 1, given.size());
    // In the end one of the 24 chunks may be taken over just when its node begins with it.
    stage.assertOverTheWan(repo, 1.09);
  }

  /** As {@code hf download} leaves it when it is interrupted. */
  private static void leaveCutOff(HubRepo repo, String file, Path cache) throws Exception {
    Blob weights = repo.blob(file);
    Path blobs = cache.resolve("models--exo--model").resolve("blobs");
    Files.createDirectories(blobs);
    Files.write(
        blobs.resolve(weights.etag() + ".incomplete"),
        Arrays.copyOf(weights.content().bytes(), 3 * MIB + 7));
  }

  @Test
  void aHubThatWantsQuietOnceIsAskedAgainWhetherItMayBeGiven() throws Exception {
    HubRepo repo = stage.model(16 * MIB, 2);
    ClusterStage.Node first = stage.node();
    ClusterStage.Node second = stage.node();
    new Sync(
            new SyncSettings(second.hubSettings, FetchLimits.DEFAULT, false),
            e -> {},
            new ProgressBoard())
        .run(
            Asking.of(repo, second.cache)
                .revision(repo.head().sha())
                .files("model-00001-of-00002.safetensors")
                .request());
    stage.hub().log().clear();
    stage
        .hub()
        .faults()
        .on(Where.HUB_API)
        .when(r -> asks(r) && second.isMine(r))
        .times(1)
        .then(Fault.rateLimited(1));
    stage.waitFor = 2;
    first.start(repo).awaitJoined();
    second.start(repo);
    ClusterStage.await(() -> shelf(second).size() == repo.head().files().size(), second::log);
    assertTrue(Inside.asksHub(second.awaitJoined()), second.log());
    stage.awaitWhole(repo, List.of(first, second));
    assertEquals(3, stage.hub().log().count(EarlierRunsTest::asks));
  }
}
