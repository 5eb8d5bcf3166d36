package dev.exodl.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.ChunkGrid;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.share.Shelf;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What of this node's disk is shared: whole blobs, and whole chunks of parts. Thread-safe. */
final class Holdings implements Shelf {
  private sealed interface Holding {
    record Whole(Path file) implements Holding {}

    record Partly(OpenPart part) implements Holding {}
  }

  /** What is shared of a blob, and in which swarms: only when the last one ends it is not. */
  private record Shelved(Holding holding, Set<SwarmId> by) {}

  private final ConcurrentHashMap<BlobId, Shelved> blobs = new ConcurrentHashMap<>();
  private final Consumer<BlobId> lost;

  /** Holds nothing; tells which whole blobs somebody removed from the disk. */
  Holdings(Consumer<BlobId> lost) {
    this.lost = lost;
  }

  void whole(BlobId blob, Path file, SwarmId by) {
    put(blob, new Holding.Whole(file), by);
  }

  void part(BlobId blob, OpenPart part, SwarmId by) {
    put(blob, new Holding.Partly(part), by);
  }

  private void put(BlobId blob, Holding holding, SwarmId by) {
    blobs.compute(
        blob,
        (b, before) -> {
          Set<SwarmId> all = new HashSet<>(before == null ? Set.of() : before.by());
          all.add(by);
          return new Shelved(holding, Set.copyOf(all));
        });
  }

  /** The swarm has ended: what only it shared is shared no more. */
  void ended(SwarmId swarm) {
    for (BlobId blob : blobs.keySet()) {
      blobs.computeIfPresent(blob, (b, shelved) -> without(shelved, swarm));
    }
  }

  private static @Nullable Shelved without(Shelved shelved, SwarmId swarm) {
    Set<SwarmId> left = new HashSet<>(shelved.by());
    left.remove(swarm);
    return left.isEmpty() ? null : new Shelved(shelved.holding(), Set.copyOf(left));
  }

  boolean holds(BlobId blob) {
    return blobs.containsKey(blob);
  }

  /** A part's file got another name just now; a whole one's stays where it is. */
  @Override
  public void gone(BlobId blob, Path file) {
    Shelved shelved = blobs.get(blob);
    boolean is = shelved != null && shelved.holding().equals(new Holding.Whole(file));
    if (is && blobs.remove(blob, shelved)) {
      lost.accept(blob);
    }
  }

  @Override
  public Optional<Path> find(BlobId blob, ByteRange range) {
    Shelved shelved = blobs.get(blob);
    return switch (shelved == null ? null : shelved.holding()) {
      case null -> Optional.empty();
      case Holding.Whole whole -> Optional.of(whole.file());
      case Holding.Partly partly -> ofPart(partly.part(), range);
    };
  }

  private static Optional<Path> ofPart(OpenPart part, ByteRange range) {
    ChunkGrid grid = part.grid();
    if (range.end() > grid.blobSize()) {
      return Optional.empty();
    }
    BitSet have = part.have();
    boolean held = have.nextClearBit(grid.indexOf(range.offset())) > grid.indexOf(range.end() - 1);
    return held ? Optional.of(part.path()) : Optional.empty();
  }
}
