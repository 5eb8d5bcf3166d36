package dev.exodl.download;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells once when all files of a node's layers are whole, verified and visible. Thread-safe.
 *
 * @param lacking the content that is not here yet; guarded by itself
 */
record ShardReady(SyncEvent.ShardReady event, Set<BlobId> lacking, SyncVoice voice) {
  /**
   * Begins to watch; tells it now when nothing is missing.
   *
   * @param files of the layers
   * @param missing of all that are to be here in the end
   */
  static ShardReady watch(
      SyncEvent.ShardReady event, List<RepoFile> files, List<RepoFile> missing, SyncVoice voice) {
    Set<RepoFile> needed = new HashSet<>(files);
    Set<BlobId> lacking = new HashSet<>();
    missing.stream().filter(needed::contains).forEach(f -> lacking.add(f.blob()));
    if (lacking.isEmpty()) {
      voice.tell(event);
    }
    return new ShardReady(event, lacking, voice);
  }

  /** The file is at all its places. */
  void placed(RepoFile file) {
    boolean all;
    synchronized (lacking) {
      all = lacking.remove(file.blob()) && lacking.isEmpty();
    }
    if (all) {
      voice.tell(event);
    }
  }
}
