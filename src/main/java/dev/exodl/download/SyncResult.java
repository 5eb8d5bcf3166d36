package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a sync did, or would do with {@code dryRun}.
 *
 * @param path the snapshot's folder, the local dir, or the one file that was asked for by name
 * @param files the chosen files
 * @param missing those of {@code files} that were not here before; all of them were fetched unless
 *     {@code dryRun}
 * @param bytesFetched bytes of content read from the network; with {@code dryRun} what would be
 * @param bytesFromPeers of {@code bytesFetched}, what came from other nodes of the cluster; with
 *     {@code dryRun} what they hold now
 * @param bytesReused bytes of chosen files that were here before, in blobs or part files
 * @param warnings what the user should know though it succeeded
 * @param shard what is needed of the model, when only some layers were asked for
 */
public record SyncResult(
    Repo repo,
    Revision revision,
    Commit commit,
    Path path,
    List<RepoFile> files,
    List<RepoFile> missing,
    long bytesFetched,
    long bytesFromPeers,
    long bytesReused,
    int requests,
    boolean dryRun,
    boolean offline,
    Duration took,
    List<String> warnings,
    Optional<ShardChoice> shard) {
  /** Where it is written what of the model is here, when no whole weight files are. */
  public Path manifest() {
    return path.resolve(ShardManifest.NAME);
  }

  /** Whether the file was made of the repo's files, so that its blob is a name and no hash. */
  public boolean isMadeHere(RepoFile file) {
    return shard.filter(s -> s.form() != ShardForm.FILES).isPresent() && WeightSet.isWeights(file);
  }
}
