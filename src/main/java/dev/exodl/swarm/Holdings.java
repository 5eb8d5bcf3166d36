package dev.exodl.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.ChunkGrid;
import dev.exodl.share.Shelf;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What of this node's disk is shared: whole blobs, and whole chunks of parts. Thread-safe. */
final class Holdings implements Shelf {
  private sealed interface Holding {
    record Whole(Path file) implements Holding {}

    record Partly(OpenPart part) implements Holding {}
  }

  private final ConcurrentHashMap<BlobId, Holding> blobs = new ConcurrentHashMap<>();
  private final Consumer<BlobId> lost;

  /** Holds nothing; tells which whole blobs somebody removed from the disk. */
  Holdings(Consumer<BlobId> lost) {
    this.lost = lost;
  }

  void whole(BlobId blob, Path file) {
    blobs.put(blob, new Holding.Whole(file));
  }

  void part(BlobId blob, OpenPart part) {
    blobs.put(blob, new Holding.Partly(part));
  }

  void gone(BlobId blob) {
    blobs.remove(blob);
  }

  boolean holds(BlobId blob) {
    return blobs.containsKey(blob);
  }

  /** A part's file got another name just now; a whole one's stays where it is. */
  @Override
  public void gone(BlobId blob, Path file) {
    if (blobs.remove(blob, new Holding.Whole(file))) {
      lost.accept(blob);
    }
  }

  @Override
  public Optional<Path> find(BlobId blob, ByteRange range) {
    return switch (blobs.get(blob)) {
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
