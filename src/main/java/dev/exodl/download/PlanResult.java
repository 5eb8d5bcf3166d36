package dev.exodl.download;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Bound;
import dev.exodl.plan.swarm.Forecast;
import java.util.List;
import java.util.Optional;

/**
 * What would be done.
 *
 * @param offline whether the listing was one that was kept here
 * @param files chosen
 * @param bytes of them; content that stands at two paths counts once
 * @param chunkSize bytes
 * @param chunks of all content
 * @param split which layers each node has, if they are dealt out
 */
public record PlanResult(
    Repo repo,
    Revision revision,
    Commit commit,
    boolean offline,
    List<RepoFile> files,
    long bytes,
    int chunkSize,
    long chunks,
    Forecast forecast,
    Optional<Bound> bound,
    Optional<SplitResult> split,
    List<String> warnings) {
  public PlanResult {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }

  /** How many chunks the file's content has. */
  public int chunks(RepoFile file) {
    return new ChunkGrid(file.size(), chunkSize).count();
  }
}
