package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Where the files of one commit go. Making a target and asking it writes nothing; the first part
 * that is opened makes the folders. Safe for use by many threads. All methods throw a storage
 * failure when the disk is not as it has to be, also when a link stands where a folder is needed.
 */
public sealed interface Target permits CacheTarget, LocalDirTarget {
  /** The folder that users get: the snapshot's, or the local dir. */
  Path root();

  /** The final path of a file. */
  Path visible(RepoFile file);

  /**
   * What is here of a file. A blob that was seen at one path in this run is known for others: ask
   * again after another file with the same blob was placed.
   */
  Presence presence(RepoFile file);

  /**
   * Bytes of the file that an unfinished download of ours holds; looks only, and does not recheck.
   */
  long heldBytes(RepoFile file);

  /**
   * Opens the unfinished download of a file's blob, or begins one, perhaps with what another client
   * left. Waits while another process works on that blob. Whoever waits here should hold no other
   * part that is opened the other way round elsewhere: open each in a thread of its own, or all in
   * the order of their blobs.
   *
   * @param chunkSize bytes, for a part that is new; one that exists keeps its own, see {@link
   *     PartFile#grid()}
   */
  Opened openPart(RepoFile file, int chunkSize, LockWaiter waiter);

  /** As {@link #openPart}, but whatever is there of the blob counts for nothing. */
  Opened openAnew(RepoFile file, int chunkSize, LockWaiter waiter);

  /**
   * Makes a verified part visible: its bytes are synced, then renamed to their final name. The part
   * is closed by it. Call it only when the whole content has the blob's hash.
   */
  void place(RepoFile file, PartFile part);

  /** Makes a file visible whose {@link #presence} is {@link Presence.BlobHere}. */
  void link(RepoFile file);

  /**
   * Makes a file visible whose content another program has on this host.
   *
   * @param minFree bytes that have to stay free on the disk
   * @param read told bytes as they are read, which they are only where it is no link
   */
  Brought bring(RepoFile file, HostCopy copy, Link link, long minFree, LongConsumer read);

  /**
   * The device of which files can become hard links here, for which they have to be digested
   * before; empty when none can.
   */
  OptionalLong linkDevice(Link link);

  /**
   * Parts of other caches and folders, by their blob. When a part of one is opened, the chunks that
   * those hold are copied, if they have the checksums that their states tell.
   */
  void lookAlso(Map<BlobId, List<Path>> parts);

  /** The content at the final path was hashed and is right: remembers that. */
  void adopt(RepoFile file);

  /**
   * All chosen files are visible: brings their names to the medium, lets the revision's ref name
   * the commit (in a cache, and unless the revision is the commit itself), and tidies up.
   */
  void finish(Revision revision);

  /** All files of the commit, if a listing was kept here by us or by a Hugging Face client. */
  Optional<List<RepoFile>> listing();

  /** As {@link #listing}, unless somebody else than the hub told it. */
  Optional<List<RepoFile>> listingOfHub();

  /**
   * Keeps the hub's listing for later. A failure to write it is no failure of anything else, so it
   * is not told.
   */
  void keepListing(Collection<RepoFile> all);

  /**
   * Remembers whether anybody may read the repo without a token, for runs that cannot ask. A
   * failure to write it is no failure of anything else, so it is not told.
   */
  void keepOpen(boolean open);

  /** Bytes that can still be written on the target's file system; -1 when it cannot be told. */
  long freeBytes();
}
