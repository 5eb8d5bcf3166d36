package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.ShardRequest.Share;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.store.CacheInvariants;
import dev.exodl.weights.Layers;
import dev.exodl.weights.Shard;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs of some layers and then of the rest, by one node alone. */
class ThenCompleteTest {
  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo repo() {
    HubRepo repo = stage.hub().model("exo/layers");
    new LayeredModel(32, 400).safetensors(repo, 8);
    return repo;
  }

  private static SyncRequest with(SyncRequest request, Share share, boolean thenComplete) {
    return Shards.with(request, new ShardRequest(share, false, ShardForm.FILES, thenComplete));
  }

  private SyncRequest share(HubRepo repo, int number, boolean thenComplete) {
    return with(
        stage.asking(repo).request(), new Share.Numbered(new Shard(number, 4)), thenComplete);
  }

  private Set<String> placedBefore(SyncEvent event) {
    return stage.events(SyncEvent.class).stream()
        .takeWhile(e -> !e.equals(event))
        .filter(SyncEvent.FilePlaced.class::isInstance)
        .map(e -> ((SyncEvent.FilePlaced) e).file().path().value())
        .collect(Collectors.toSet());
  }

  private SyncEvent.ShardReady ready() {
    List<SyncEvent.ShardReady> ready = stage.events(SyncEvent.ShardReady.class);
    assertEquals(1, ready.size());
    return ready.getFirst();
  }

  @Test
  void theLayersFilesComeFirstAndTheProgramSaysSo() throws IOException {
    HubRepo repo = repo();
    stage.hub().settings().totalRate(40 << 20);
    SyncResult result = stage.sync(share(repo, 3, true));
    SyncStage.assertWhole(repo, result.path());
    CacheInvariants.check(stage.cache());
    assertEquals(repo.head().files().size(), result.files().size());
    ShardChoice choice = result.shard().orElseThrow();
    assertEquals("16-23", choice.layers().toString());
    SyncEvent.ShardReady ready = ready();
    assertEquals(choice, ready.choice());
    assertEquals(result.path(), ready.path());
    assertEquals(result.commit(), ready.commit());
    Set<String> before = placedBefore(ready);
    Set<String> needed =
        choice.needed().files().stream().map(f -> f.path()).collect(Collectors.toSet());
    assertTrue(before.containsAll(needed), before::toString);
    long weights = before.stream().filter(f -> f.endsWith(".safetensors")).count();
    assertTrue(weights < 8, "the rest came later: " + before);
  }

  @Test
  void withoutTheRestItIsReadyInTheEnd() {
    SyncResult result = stage.sync(share(repo(), 1, false));
    assertEquals(
        result.files().stream().map(f -> f.path().value()).collect(Collectors.toSet()),
        placedBefore(ready()));
  }

  @Test
  void whatIsHereIsReadyAtOnce() {
    HubRepo repo = repo();
    stage.sync(share(repo, 2, false));
    SyncRequest again = share(repo, 2, true);
    stage.events().clear();
    SyncResult result = stage.sync(again);
    assertEquals(Set.of(), placedBefore(ready()));
    assertTrue(!result.missing().isEmpty());
    stage.events().clear();
    assertEquals(List.of(), stage.sync(again).missing());
    ready();
  }

  @Test
  void aDryRunMakesNothingReady() {
    HubRepo repo = repo();
    SyncResult result =
        stage.sync(
            with(
                stage.asking(repo).dryRun().request(),
                new Share.Listed(Layers.parse("--layers", "3")),
                true));
    assertEquals(repo.head().files().size(), result.missing().size());
    assertEquals(List.of(), stage.events(SyncEvent.ShardReady.class));
  }
}
