package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot in a Hugging Face cache, in the layout that Hugging Face's clients read and write:
 * {@code blobs/<etag>}, links to them in {@code snapshots/<commit>/<path>}, {@code
 * refs/<revision>}. Where links do not work the files themselves are in the snapshot, as those
 * clients do it.
 */
public final class CacheTarget implements Target {
  private static final byte[] TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This folder is a cache directory in the layout of Hugging Face's clients; back-ups may leave it out.
      # See https://bford.info/cachedir/
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final Fence fence;
  private final RepoFolder repo;
  private final Commit commit;
  private final boolean noLinks;
  private final boolean onlyRead;
  private final Workshop workshop;
  private final Placing placing;
  private final Bringing bringing;
  private @Nullable Boolean linksWork;
  private volatile boolean foldersMade;

  /**
   * A commit of a repo in a cache.
   *
   * @param cacheRoot the folder that holds {@code models--org--name}; need not exist
   * @param noLinks never make links, as {@code HF_HUB_DISABLE_SYMLINKS} asks
   */
  public CacheTarget(Path cacheRoot, Repo repo, Commit commit, boolean noLinks) {
    this(cacheRoot, repo, commit, noLinks, DiskSteps.NONE, new OsLocks(), ClaimTimes.USUAL);
  }

  /** A commit in a cache to which nothing is ever written: what is to be kept is not. */
  public static CacheTarget onlyRead(Path cacheRoot, Repo repo, Commit commit) {
    return new CacheTarget(
        cacheRoot, repo, commit, true, true, DiskSteps.NONE, new OsLocks(), ClaimTimes.USUAL);
  }

  CacheTarget(
      Path cacheRoot,
      Repo repo,
      Commit commit,
      boolean noLinks,
      DiskSteps steps,
      LockService locks,
      ClaimTimes times) {
    this(cacheRoot, repo, commit, noLinks, false, steps, locks, times);
  }

  private CacheTarget(
      Path cacheRoot,
      Repo repo,
      Commit commit,
      boolean noLinks,
      boolean onlyRead,
      DiskSteps steps,
      LockService locks,
      ClaimTimes times) {
    this.onlyRead = onlyRead;
    this.fence = new Fence(cacheRoot);
    this.repo = RepoFolder.of(fence.root(), repo);
    this.commit = commit;
    this.noLinks = noLinks;
    Disk disk = new Disk(steps);
    this.workshop = new Workshop(fence, this.repo.workshop(), disk, locks, times);
    this.placing = new Placing(fence, disk, workshop);
    this.bringing = new Bringing(placing, disk, workshop);
  }

  @Override
  public Path root() {
    return repo.snapshot(commit);
  }

  @Override
  public Path visible(RepoFile file) {
    return repo.file(commit, file.path());
  }

  @Override
  public Presence presence(RepoFile file) {
    Path at = visible(file);
    Path blob = repo.blob(file.blob());
    Optional<BasicFileAttributes> there = fence.look(blob);
    boolean whole =
        there.isPresent() && there.get().isRegularFile() && there.get().size() == file.size();
    Optional<BasicFileAttributes> entry = fence.look(at);
    if (entry.isPresent() && entry.get().isSymbolicLink() && whole && leadsTo(at, blob)) {
      return placing.see(file.blob(), at);
    }
    // Without links a file of the right size in a snapshot is what Hugging Face's clients believe
    // too.
    if (entry.isPresent() && entry.get().isRegularFile() && entry.get().size() == file.size()) {
      return placing.see(file.blob(), at);
    }
    if (whole) {
      return new Presence.BlobHere(blob);
    }
    return placing
        .seen(file.blob(), file.size())
        .<Presence>map(Presence.BlobHere::new)
        .orElseGet(
            () ->
                new Presence.Missing(
                    there.map(found -> disbelief(blob, found, file.size())).orElse(null)));
  }

  private static String disbelief(Path path, BasicFileAttributes found, long size) {
    String why =
        found.isRegularFile() ? "has " + found.size() + " bytes, not " + size : "is no plain file";
    return path + " " + why + ": it is not used, and replaced";
  }

  private static boolean leadsTo(Path link, Path blob) {
    try {
      return link.resolveSibling(Files.readSymbolicLink(link)).normalize().equals(blob);
    } catch (IOException e) {
      throw StorageFailure.of(e, "read the link", link);
    }
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
    ChunkGrid grid = new ChunkGrid(file.size(), chunkSize);
    List<Path> prefixes = List.of(repo.incomplete(file.blob()));
    return workshop.openPart(
        new Workshop.Wanted(file.blob(), grid, anew, prefixes),
        () -> anew ? Optional.empty() : there(file),
        waiter);
  }

  private Optional<Presence> there(RepoFile file) {
    Presence presence = presence(file);
    return presence instanceof Presence.Missing ? Optional.empty() : Optional.of(presence);
  }

  /**
   * Hugging Face's JavaScript client wants {@code refs} and {@code snapshots} in each repo, empty
   * or not.
   */
  private void makeFolders() {
    if (onlyRead) {
      throw StorageFailure.told(
          "refused to write to a cache that is only read", repo.path(), "report it: this is a bug");
    }
    if (foldersMade) {
      // Once is enough: with thousands of small files this counts.
      return;
    }
    fence.folder(repo.blobs());
    fence.folder(repo.refs());
    fence.folder(repo.snapshots());
    placing.tag(fence.root().resolve("CACHEDIR.TAG"), TAG);
    foldersMade = true;
  }

  @Override
  public void place(RepoFile file, PartFile part) {
    if (linksWork()) {
      placing.move(part, repo.blob(file.blob()));
      link(file);
    } else {
      placing.move(part, visible(file));
      placing.see(file.blob(), visible(file));
    }
  }

  @Override
  public void link(RepoFile file) {
    makeFolders();
    Path blob = repo.blob(file.blob());
    if (linksWork() && Placing.isWhole(blob, file.size())) {
      placing.symlink(visible(file), blob);
    } else {
      Path source =
          Placing.isWhole(blob, file.size())
              ? blob
              : placing.seen(file.blob(), file.size()).orElse(blob);
      placing.copy(source, file, visible(file));
    }
    placing.see(file.blob(), visible(file));
  }

  @Override
  public Brought bring(RepoFile file, HostCopy copy, Link link, long minFree, LongConsumer read) {
    makeFolders();
    // Without links the snapshot holds real files, which people edit.
    Path to = linksWork() ? repo.blob(file.blob()) : visible(file);
    Brought brought = bringing.bring(copy, file, to, link, !linksWork(), minFree, read);
    if (brought instanceof Brought.Done) {
      if (linksWork()) {
        link(file);
      } else {
        placing.see(file.blob(), to);
      }
    }
    return brought;
  }

  @Override
  public OptionalLong linkDevice(Link link) {
    boolean hard = link == Link.HARD || (link == Link.AUTO && !noLinks);
    return hard ? Disk.device(repo.path()) : OptionalLong.empty();
  }

  @Override
  public void lookAlso(Map<BlobId, List<Path>> parts) {
    workshop.lookAlso(parts);
  }

  @Override
  public void adopt(RepoFile file) {
    placing.see(file.blob(), visible(file));
  }

  private synchronized boolean linksWork() {
    if (linksWork == null) {
      linksWork = !noLinks && workshop.tryLink();
    }
    return linksWork;
  }

  @Override
  public void finish(Revision revision) {
    if (onlyRead) {
      return;
    }
    makeFolders();
    fence.folder(root());
    placing.sync();
    // When all was here nothing is written: the cache may be read-only.
    if (!revision.isCommit()) {
      Refs.keep(fence, placing, repo.ref(revision), commit);
    }
    workshop.tidy(blob -> Files.isRegularFile(repo.blob(blob), LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public Optional<List<RepoFile>> listing() {
    return placing.listing(repo.trees(), commit);
  }

  @Override
  public Optional<List<RepoFile>> listingOfHub() {
    return fence.look(repo.told(commit)).isPresent() ? Optional.empty() : listing();
  }

  @Override
  public void keepListing(Collection<RepoFile> all) {
    if (onlyRead) {
      return;
    }
    try {
      makeFolders();
      placing.keepListing(repo.trees(), commit, all);
      if (fence.look(repo.told(commit)).isPresent()) {
        workshop.delete(repo.told(commit));
      }
    } catch (FailureException e) {
      // It only spares a request later.
    }
  }

  /**
   * Keeps a listing that somebody else than the hub told, for runs that do not ask the hub. A
   * failure to write it is not told, as that of {@link #keepListing}.
   */
  public void keepTold(Collection<RepoFile> all) {
    if (onlyRead || listing().filter(List.copyOf(all)::equals).isPresent()) {
      return;
    }
    try {
      makeFolders();
      // First: that the hub is asked again does no harm.
      placing.text(repo.told(commit), new byte[0], false);
      placing.keepListing(repo.trees(), commit, all);
    } catch (FailureException e) {
      // The files are here.
    }
  }

  @Override
  public void keepOpen(boolean open) {
    if (onlyRead || open == isOpen()) {
      return;
    }
    try {
      makeFolders();
      if (open) {
        placing.text(repo.workshop().resolve(Names.OPEN), new byte[0], false);
      } else {
        workshop.delete(repo.workshop().resolve(Names.OPEN));
      }
    } catch (FailureException e) {
      // Then it counts as one that not everybody may read, or is asked again.
    }
  }

  /** Whether anybody may read the repo without a token, as the hub said when it was last asked. */
  public boolean isOpen() {
    return fence
        .look(repo.workshop().resolve(Names.OPEN))
        .filter(BasicFileAttributes::isRegularFile)
        .isPresent();
  }

  @Override
  public long freeBytes() {
    return StorageFailure.free(repo.path());
  }
}
