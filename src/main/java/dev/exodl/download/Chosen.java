package dev.exodl.download;

import dev.exodl.model.RepoFile;
import dev.exodl.swarm.NeededFirst;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a sync is to have here.
 *
 * @param files all of them
 * @param shard those that some layers need, where there are such
 * @param later the layers of which it can be told only in the end which files they need
 * @param excerpts what is taken of weight files when no whole ones are
 */
record Chosen(
    List<RepoFile> files,
    Optional<ShardFiles> shard,
    Optional<ShardRequest> later,
    Optional<ShardExcerpts> excerpts) {
  /** Files of which none are for some layers. */
  static Chosen all(List<RepoFile> files) {
    return new Chosen(files, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** These files, with those that some layers need among them. */
  static Chosen of(List<RepoFile> files, ShardFiles shard) {
    return new Chosen(files, Optional.of(shard), Optional.empty(), Optional.empty());
  }

  /** These files; which of them the layers need is not known yet. */
  static Chosen later(List<RepoFile> files, ShardRequest layers) {
    return new Chosen(files, Optional.empty(), Optional.of(layers), Optional.empty());
  }

  /** Some bytes of weight files, and the other files. */
  static Chosen excerpts(ShardExcerpts cut) {
    return new Chosen(cut.others(), Optional.empty(), Optional.empty(), Optional.of(cut));
  }

  /** These files, those of the layers first. */
  List<RepoFile> inOrder(List<RepoFile> some) {
    if (!isInParts()) {
      return some;
    }
    Set<RepoFile> first = new HashSet<>(shard.orElseThrow().files());
    List<RepoFile> ordered = new ArrayList<>(some.stream().filter(first::contains).toList());
    some.stream().filter(f -> !first.contains(f)).forEach(ordered::add);
    return ordered;
  }

  /** What comes before the rest. */
  NeededFirst first() {
    return isInParts() ? shard.orElseThrow().first() : NeededFirst.NOTHING;
  }

  private boolean isInParts() {
    return shard.isPresent() && shard.get().files().size() < files.size();
  }
}
