package dev.exodl.store;

import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The caches of this machine: one that receives, and tiers beside it that are only read, whatever
 * their permissions are.
 *
 * @param root the one that receives; where none can, the first of all, which is only read then
 * @param others those that are only read, in the order in which they are looked into
 * @param noneReceives what a user is told when something would have to be written and none of them
 *     can be written to
 */
public record Caches(Path root, List<Path> others, Optional<Failure> noneReceives) {
  /**
   * A cache of a list.
   *
   * @param onlyRead whether it is never to receive
   */
  public record Tier(Path root, boolean onlyRead) {}

  public Caches {
    others = List.copyOf(others);
  }

  /** One cache, which receives. */
  public static Caches one(Path root) {
    return new Caches(root, List.of(), Optional.empty());
  }

  /**
   * The first that can be written to receives. A folder that is not there is made only when none
   * that is there can be written to: it may be a mount that is missing. Nothing is written to find
   * that out.
   *
   * @param tiers at least one
   */
  public static Caches of(List<Tier> tiers) {
    List<Path> all = tiers.stream().map(Tier::root).toList();
    Optional<Tier> receives =
        tiers.stream()
            .filter(t -> whyNot(t) == null && Files.isDirectory(t.root()))
            .findFirst()
            .or(() -> tiers.stream().filter(t -> whyNot(t) == null).findFirst());
    if (receives.isEmpty()) {
      return new Caches(all.getFirst(), all, Optional.of(none(tiers)));
    }
    Path root = receives.get().root();
    List<Path> others = new ArrayList<>(all);
    others.remove(root);
    return new Caches(root, others, Optional.empty());
  }

  /** Why a tier does not receive, for people; null when it can be written to. */
  private static @Nullable String whyNot(Tier tier) {
    if (tier.onlyRead()) {
      return "is to be read only";
    }
    Path there = tier.root();
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      Path up = there.getParent();
      if (up == null) {
        return "is not there";
      }
      there = up;
    }
    if (!Files.isDirectory(there)) {
      return there.equals(tier.root()) ? "is no folder" : "cannot be made: " + there + " is none";
    }
    if (Files.isWritable(there)) {
      return null;
    }
    return (there.equals(tier.root()) ? "" : "is not there, and ")
        + (StorageFailure.isReadOnly(there)
            ? "is on a file system that is read-only"
            : "may not be written to");
  }

  private static Failure none(List<Tier> tiers) {
    String each =
        tiers.stream()
            .map(t -> Printable.of(t.root().toString()) + " " + whyNot(t))
            .collect(Collectors.joining(", "));
    return new Failure.Storage(
        "none of the caches can be written to",
        each,
        "add a folder that can be to --cache-path (or EXO_DL_CACHE_PATH)");
  }

  /** All of them, the one that receives first. */
  public List<Path> all() {
    return Stream.concat(Stream.of(root), others.stream()).distinct().toList();
  }

  /** The repo's folders in those that are only read. */
  public List<Path> otherFolders(Repo repo) {
    return others.stream().map(o -> RepoFolder.of(o, repo).path()).toList();
  }
}
