package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
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
    /** A Hugging Face cache: the folder that holds {@code models--org--name}. */
    record Cache(Path root) implements Place {}

    /** Plain files below a folder; blobs that the cache already holds are copied from there. */
    record LocalDir(Path folder, Path cacheRoot) implements Place {}
  }
}
