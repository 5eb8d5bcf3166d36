package dev.exodl.model;

import java.util.List;

/** Files of one commit. {@code files} may be those chosen of it; order is by path. */
public record Snapshot(Repo repo, Commit commit, List<RepoFile> files) {
  public Snapshot {
    files = files.stream().sorted(java.util.Comparator.comparing(RepoFile::path)).toList();
  }

  /** Sum of the files' sizes in bytes; a blob that stands at two paths counts twice. */
  public long bytes() {
    return files.stream().mapToLong(RepoFile::size).sum();
  }
}
