package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * A snapshot as plain files below a folder, with the metadata in {@code .cache/huggingface} that
 * Hugging Face's clients keep there. A blob that the main cache has is copied from it.
 */
public final class LocalDirTarget implements Target {
  private final Fence fence;
  private final Fence cacheFence;
  private final Repo repo;
  private final RepoFolder cached;
  private final Commit commit;
  private final Workshop workshop;
  private final Placing placing;
  private final Bringing bringing;
  private final LocalMetadata metadata;
  private volatile boolean foldersMade;

  /**
   * A commit of a repo in a folder.
   *
   * @param dir the folder that the files go to; need not exist
   * @param cacheRoot the main cache, only read
   */
  public LocalDirTarget(Path dir, Path cacheRoot, Repo repo, Commit commit) {
    this(dir, cacheRoot, repo, commit, DiskSteps.NONE, new OsLocks(), ClaimTimes.USUAL);
  }

  LocalDirTarget(
      Path dir,
      Path cacheRoot,
      Repo repo,
      Commit commit,
      DiskSteps steps,
      LockService locks,
      ClaimTimes times) {
    this.fence = new Fence(dir);
    this.cacheFence = new Fence(cacheRoot);
    this.cached = RepoFolder.of(cacheFence.root(), repo);
    this.commit = commit;
    Disk disk = new Disk(steps);
    this.repo = repo;
    this.workshop = new Workshop(fence, workshop(root()), disk, locks, times);
    this.placing = new Placing(fence, disk, workshop);
    this.bringing = new Bringing(placing, disk, workshop);
    this.metadata = new LocalMetadata(fence, placing);
  }

  static Path workshop(Path dir) {
    return dir.resolve(".cache").resolve("exo-dl");
  }

  /** What of this dir holds only some bytes of the repo's files. */
  public Excerpts excerpts() {
    return new Excerpts(fence, workshop, placing, this::makeFolders);
  }

  /** The repo's folder in the main cache, which need not exist. */
  public Path cached() {
    return cached.path();
  }

  @Override
  public Path root() {
    return fence.root();
  }

  @Override
  public Path visible(RepoFile file) {
    return root().resolve(file.path().value());
  }

  @Override
  public Presence presence(RepoFile file) {
    Path at = visible(file);
    Optional<BasicFileAttributes> there = fence.look(at);
    if (there.isPresent() && there.get().isRegularFile() && there.get().size() == file.size()) {
      return metadata.fits(file, there.get())
          ? placing.see(file.blob(), at)
          : new Presence.Check(at);
    }
    return elsewhere(file)
        .<Presence>map(Presence.BlobHere::new)
        .orElseGet(() -> new Presence.Missing(null));
  }

  @Override
  public long heldBytes(RepoFile file) {
    return workshop.heldBytes(file.blob(), file.size());
  }

  @Override
  public Opened openPart(RepoFile file, int chunkSize, LockWaiter waiter) {
    return open(file, chunkSize, waiter, false);
  }

  @Override
  public Opened openAnew(RepoFile file, int chunkSize, LockWaiter waiter) {
    return open(file, chunkSize, waiter, true);
  }

  private Opened open(RepoFile file, int chunkSize, LockWaiter waiter, boolean anew) {
    makeFolders();
    return workshop.openPart(
        new Workshop.Wanted(
            file.blob(), new ChunkGrid(file.size(), chunkSize), anew, metadata.incomplete(file)),
        () -> anew ? Optional.empty() : there(file),
        waiter);
  }

  /**
   * A file that would have to be hashed does not stop a download: the caller has already decided
   * about it. But a copy of the blob elsewhere does.
   */
  private Optional<Presence> there(RepoFile file) {
    return switch (presence(file)) {
      case Presence.Missing missing -> Optional.empty();
      case Presence.Check check -> elsewhere(file).map(Presence.BlobHere::new);
      case Presence.BlobHere here -> Optional.of(here);
      case Presence.Visible visible -> Optional.of(visible);
    };
  }

  /** A whole copy of the file's blob that is not at the file's own path. */
  private Optional<Path> elsewhere(RepoFile file) {
    return placing
        .seen(file.blob(), file.size())
        .filter(seen -> !seen.equals(visible(file)))
        .or(() -> inCache(file));
  }

  private Optional<Path> inCache(RepoFile file) {
    Path blob = cached.blob(file.blob());
    return cacheFence
        .look(blob)
        .filter(b -> b.isRegularFile() && b.size() == file.size())
        .map(b -> blob);
  }

  private void makeFolders() {
    if (foldersMade) {
      return;
    }
    metadata.makeFolders();
    workshop.open();
    placing.tag(workshop.path().resolve(".gitignore"), "*".getBytes(StandardCharsets.US_ASCII));
    foldersMade = true;
  }

  @Override
  public void place(RepoFile file, PartFile part) {
    placing.move(part, visible(file));
    adopt(file);
  }

  @Override
  public void link(RepoFile file) {
    makeFolders();
    // Never what stands at the path itself: adopting that would make a stale file count as right.
    Path source = elsewhere(file).orElseGet(() -> cached.blob(file.blob()));
    placing.copy(source, file, visible(file));
    adopt(file);
  }

  @Override
  public Brought bring(RepoFile file, HostCopy copy, Link link, long minFree, LongConsumer read) {
    makeFolders();
    Brought brought = bringing.bring(copy, file, visible(file), link, true, minFree, read);
    if (brought instanceof Brought.Done) {
      adopt(file);
    }
    return brought;
  }

  @Override
  public OptionalLong linkDevice(Link link) {
    return link == Link.HARD ? Disk.device(root()) : OptionalLong.empty();
  }

  @Override
  public void lookAlso(Map<BlobId, List<Path>> parts) {
    workshop.lookAlso(parts);
  }

  @Override
  public void adopt(RepoFile file) {
    metadata.write(file, commit);
    placing.see(file.blob(), visible(file));
  }

  @Override
  public void finish(Revision revision) {
    // When all was here nothing is written: the folder may be read-only.
    fence.folder(root());
    placing.sync();
    if (!revision.isCommit()) {
      keepRef(revision);
    }
    workshop.tidy(placing::isSeen);
  }

  private void keepRef(Revision revision) {
    try {
      Refs.keep(fence, placing, Refs.localRef(fence, repo, revision), commit);
      makeFolders();
    } catch (FailureException e) {
      // All files are here; it only serves runs without the hub.
    }
  }

  @Override
  public Optional<List<RepoFile>> listing() {
    return placing.listing(metadata.folder().resolve("trees"), commit);
  }

  @Override
  public Optional<List<RepoFile>> listingOfHub() {
    return listing();
  }

  @Override
  public void keepListing(Collection<RepoFile> all) {
    try {
      makeFolders();
      placing.keepListing(metadata.folder().resolve("trees"), commit, all);
    } catch (FailureException e) {
      // It only spares a request later.
    }
  }

  @Override
  public void keepOpen(boolean open) {
    // A local dir is given to others only while it is fetched, when that is known.
  }

  @Override
  public long freeBytes() {
    return StorageFailure.free(root());
  }
}
