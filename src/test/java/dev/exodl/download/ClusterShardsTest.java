package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.model.RepoFile;
import dev.exodl.store.CacheInvariants;
import dev.exodl.weights.Shard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes of one cluster that want a share of the layers each: real channels, a real hub. */
class ClusterShardsTest {
  @RegisterExtension final ClusterStage stage = new ClusterStage();

  @Test
  void eachGetsTheFilesOfItsShareAndFilesOfTwoSharesComeOnce() throws IOException {
    HubRepo repo = stage.hub().model("exo/layers");
    // Eight files of 5.4 MB.
    new LayeredModel(32, 400).safetensors(repo, 8);
    List<ClusterStage.Node> nodes = stage.together(4);
    for (int i = 0; i < 4; i++) {
      nodes.get(i).shard =
          Optional.of(
              new ShardRequest(
                  new ShardRequest.Share.Numbered(new Shard(i + 1, 4)), false, ShardForm.FILES));
      nodes.get(i).start(repo);
    }
    TreeSet<Path> all = new TreeSet<>();
    long wanted = 0;
    for (ClusterStage.Node node : nodes) {
      SyncResult result = node.await();
      for (RepoFile file : result.files()) {
        Path path = result.path().resolve(file.path().value());
        assertTrue(CacheInvariants.hasHash(path, file.blob().hex()), path::toString);
        all.add(Path.of(file.path().value()));
        wanted += file.size();
      }
      assertTrue(result.files().size() <= 3 + 3, "no more weight files than three, of eight");
    }
    assertEquals(repo.head().files().size(), all.size(), "together they have the model");
    long twice = wanted - repo.totalSize();
    assertTrue(twice > 3_000_000, "layers straddle files: " + twice);
    long headers = 4L * (3 * ReadWeights.FIRST_BYTES + 20_000);
    long sent = stage.hub().log().fileBytesServed();
    assertTrue(sent <= repo.totalSize() + headers, sent + " of " + repo.totalSize());
  }
}
