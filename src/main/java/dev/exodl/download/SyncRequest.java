package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.store.Caches;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a user asked to have here.
 *
 * @param place where it goes
 * @param offline use only what is on this machine
 * @param force fetch again also what is there
 * @param dryRun say what would be done, write nothing
 * @param minFreeBytes what has to stay free on the disk
 * @param shard only some layers of the model, if so
 * @param pinned the commit that the revision is taken to be, whatever the hub says
 */
public record SyncRequest(
    Repo repo,
    Revision revision,
    Selection selection,
    Place place,
    boolean offline,
    boolean force,
    boolean dryRun,
    long minFreeBytes,
    Optional<ShardRequest> shard,
    Optional<Commit> pinned) {
  /** A request for all layers of what the revision is now. */
  public SyncRequest(
      Repo repo,
      Revision revision,
      Selection selection,
      Place place,
      boolean offline,
      boolean force,
      boolean dryRun,
      long minFreeBytes) {
    this(
        repo,
        revision,
        selection,
        place,
        offline,
        force,
        dryRun,
        minFreeBytes,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Which files: a path is taken when it matches any include (or there is none) and no exclude.
   * Patterns are fnmatch's on the whole path, see {@link Glob}. {@code files} are exact paths that
   * have to exist (or folders, ending in {@code /}).
   */
  public record Selection(List<String> files, List<String> includes, List<String> excludes) {
    public static final Selection ALL = new Selection(List.of(), List.of(), List.of());

    public Selection {
      files = List.copyOf(files);
      includes = List.copyOf(includes);
      excludes = List.copyOf(excludes);
    }
  }

  /** Where a snapshot goes. */
  public sealed interface Place {
    /** The caches of this machine. */
    Caches caches();

    /**
     * A Hugging Face cache: the folder that holds {@code models--org--name}. Of several one
     * receives, and a snapshot that is whole in another one stays there.
     */
    record Cache(Caches caches) implements Place {
      /** One cache. */
      public Cache(Path root) {
        this(Caches.one(root));
      }

      /** The one that receives. */
      public Path root() {
        return caches.root();
      }
    }

    /** Plain files below a folder; blobs that the caches already hold are copied from there. */
    record LocalDir(Path folder, Caches caches) implements Place {
      /** With one cache. */
      public LocalDir(Path folder, Path cacheRoot) {
        this(folder, Caches.one(cacheRoot));
      }

      /** The cache that receives what goes to none but a cache. */
      public Path cacheRoot() {
        return caches.root();
      }
    }
  }
}
