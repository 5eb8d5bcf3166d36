package dev.exodl.plan.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blobs of a snapshot, numbered and cut alike on all nodes: by the first path that has the
 * blob, in the order of the paths; empty ones are left out.
 */
public final class SwarmBlobs {
  private final List<Entry> blobs = new ArrayList<>();
  private final Map<BlobId, Integer> numbers = new HashMap<>();
  private final int chunkSize;

  /** The blobs of a whole listing. */
  public SwarmBlobs(List<Entry> listing) {
    listing.stream()
        .sorted(Comparator.comparing(Entry::path))
        .filter(e -> e.size() > 0)
        .forEach(
            e -> {
              if (numbers.putIfAbsent(e.blob(), blobs.size()) == null) {
                blobs.add(e);
              }
            });
    this.chunkSize = ChunkGrid.chunkSizeFor(listing.stream().mapToLong(Entry::size).sum());
  }

  public int count() {
    return blobs.size();
  }

  /** Bytes of a chunk in this swarm. */
  public int chunkSize() {
    return chunkSize;
  }

  /** How the blob is cut in this swarm. */
  public ChunkGrid grid(int blob) {
    return new ChunkGrid(blobs.get(blob).size(), chunkSize);
  }

  public BlobId blob(int number) {
    return blobs.get(number).blob();
  }

  public Optional<Integer> number(BlobId blob) {
    return Optional.ofNullable(numbers.get(blob));
  }
}
