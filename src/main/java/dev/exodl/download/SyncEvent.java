package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import dev.exodl.store.Link;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Something that happened in a sync and is worth telling. Progress in bytes is on the {@link
 * ProgressBoard} instead.
 */
public sealed interface SyncEvent {
  /** The revision stands for this commit. */
  record Resolved(Repo repo, Revision revision, Commit commit) implements SyncEvent {}

  /**
   * The files were listed and chosen.
   *
   * @param listed number of files in the commit
   * @param chosen number of files asked for, {@code bytes} together
   * @param missing number of files to fetch, {@code bytesMissing} together (what part files already
   *     hold not counted)
   */
  record Planned(int listed, int chosen, long bytes, int missing, long bytesMissing)
      implements SyncEvent {}

  /** Some layers were asked for, only or before the rest: this is needed for them. */
  record Sharded(ShardChoice choice) implements SyncEvent {}

  /** The cluster's coordinator dealt out the layers: this is this node's share. */
  record Dealt(ShardRequest.Share.Dealt share) implements SyncEvent {}

  /**
   * All files that these layers need are whole, verified and visible.
   *
   * @param path the folder they are in
   */
  record ShardReady(Repo repo, Commit commit, Path path, ShardChoice choice) implements SyncEvent {}

  /** Files of other programs on this host are digested, since they may be what is wanted. */
  record Checking(int files, long bytes) implements SyncEvent {}

  /** A file was not fetched: another program has its content on this host, verified. */
  record Reused(RepoFile file, Path from, Link how) implements SyncEvent {}

  /** A file is whole, verified and visible. */
  record FilePlaced(RepoFile file) implements SyncEvent {}

  /** A retry after a trouble; the same trouble at many files is told once in a while. */
  record Retrying(String where, String what, int attempt, Duration delay) implements SyncEvent {}

  /** The hub asked to slow down; all requests wait. */
  record Throttled(String what, Duration delay) implements SyncEvent {}

  /** Another process holds the file; this one waits for it. */
  record WaitingForLock(RepoFile file, String owner, Duration since) implements SyncEvent {}

  /** The whole file's digest was wrong: chunks are checked and fetched again. */
  record Repairing(RepoFile file, String what) implements SyncEvent {}

  /** Something the user should know. */
  record Warning(String text) implements SyncEvent {}

  /** For {@code -v} only: a request, a decision. */
  record Detail(String text) implements SyncEvent {}
}
