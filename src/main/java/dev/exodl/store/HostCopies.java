package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks for wanted content in folders of other programs, which are only read. A file is believed
 * when it has the size and then the hash, and did not change while it was read.
 */
public final class HostCopies {
  private final ContentCheck check;
  private final Folders folders;
  private final List<RepoFile> wanted;

  /** What is told of the search. */
  public interface Events {
    /** Files of this host are digested: so many, with so many bytes together, at most. */
    void checking(int files, long bytes);

    /** So many bytes more than that will be read: a candidate was not what it seemed. */
    default void more(long bytes) {}

    /** So many bytes were read since this was told last. Called by many threads, often. */
    default void read(long bytes) {}

    void detail(String text);
  }

  /**
   * Walks the folders; nothing is digested yet.
   *
   * @param stopped whether to give up
   */
  public HostCopies(Reuse reuse, List<RepoFile> missing, Events events, BooleanSupplier stopped) {
    this(reuse, missing, events, stopped, stamp -> true);
  }

  /**
   * As the other, for a target to which all that is found is brought. What is named by its hash and
   * cannot become a hard link there is read once, on its way, and not before.
   */
  public HostCopies(
      Reuse reuse, List<RepoFile> missing, Events events, BooleanSupplier stopped, Target target) {
    this(reuse, missing, events, stopped, linkable(target.linkDevice(reuse.link())));
  }

  private static Predicate<Stamp> linkable(OptionalLong device) {
    return stamp -> device.isPresent() && stamp.device() == device.getAsLong();
  }

  private HostCopies(
      Reuse reuse,
      List<RepoFile> missing,
      Events events,
      BooleanSupplier stopped,
      Predicate<Stamp> readsFirst) {
    Map<BlobId, RepoFile> blobs = new LinkedHashMap<>();
    missing.stream().filter(f -> f.size() > 0).forEach(f -> blobs.putIfAbsent(f.blob(), f));
    this.wanted = List.copyOf(blobs.values());
    Set<Long> sizes = new HashSet<>();
    wanted.forEach(f -> sizes.add(f.size()));
    this.folders = new Folders(sizes, blobs.keySet());
    boolean any = !wanted.isEmpty() && !reuse.folders().isEmpty();
    this.check =
        new ContentCheck(any ? reuse.memory() : Optional.empty(), events, stopped, readsFirst);
    if (any) {
      reuse.folders().forEach(folders::walk);
    }
  }

  /** Unfinished downloads of ours elsewhere, whose states tell what each chunk has to be. */
  public Map<BlobId, List<Path>> parts() {
    return folders.parts();
  }

  /**
   * The copies that can be believed, by content, or that will be read when they are brought in.
   * Reads all others, unless that was done before.
   */
  public Map<BlobId, HostCopy> find() {
    Map<RepoFile, List<Path>> candidates = new LinkedHashMap<>();
    for (RepoFile file : wanted) {
      List<Path> paths = candidates(file);
      if (!paths.isEmpty()) {
        candidates.put(file, paths);
      }
    }
    check.tell(candidates);
    Map<BlobId, HostCopy> found = new LinkedHashMap<>();
    check.all(candidates).forEach((file, copy) -> found.put(file.blob(), copy));
    return found;
  }

  /** Keeps the digests for later runs. */
  public void remember() {
    check.remember();
  }

  /** The file was brought in, which may have changed its stamp. */
  public void brought(HostCopy copy, BlobId blob, Link how) {
    check.brought(copy, blob, how);
  }

  /** Those that are named by the hash first, then those with the file's own name. */
  private List<Path> candidates(RepoFile file) {
    List<Path> all = new ArrayList<>(folders.ofSize(file.size()));
    all.removeIf(p -> isOther(ContentCheck.named(p), file.blob()));
    String name = file.path().names().getLast();
    all.sort(
        Comparator.comparing((Path p) -> !file.blob().hex().equals(ContentCheck.named(p)))
            .thenComparing(p -> !CacheScan.name(p).equals(name)));
    return all;
  }

  private static boolean isOther(@Nullable String hex, BlobId wanted) {
    return hex != null && hex.length() == wanted.hex().length() && !hex.equals(wanted.hex());
  }
}
