package dev.exodl.plan.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The blobs of a snapshot, numbered and cut alike on all nodes: by the first path that has the
 * blob, in the order of the paths; empty ones are left out. All chunks in this order have
 * <em>places</em>, from 0 to {@link #places()}.
 */
public final class SwarmBlobs {
  /** What a request costs at least, counted in bytes: a lease of small files is not endless. */
  private static final long REQUEST = 256L << 10;

  private final List<Entry> blobs = new ArrayList<>();
  private final Map<BlobId, Integer> numbers = new HashMap<>();
  private final List<ChunkGrid> grids;
  private final int[] firsts;
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
    this.grids = blobs.stream().map(e -> new ChunkGrid(e.size(), chunkSize)).toList();
    this.firsts = new int[blobs.size() + 1];
    for (int i = 0; i < blobs.size(); i++) {
      firsts[i + 1] = firsts[i] + grids.get(i).count();
    }
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
    return grids.get(blob);
  }

  public BlobId blob(int number) {
    return blobs.get(number).blob();
  }

  public Optional<Integer> number(BlobId blob) {
    return Optional.ofNullable(numbers.get(blob));
  }

  /** How many chunks all blobs have together. */
  public int places() {
    return firsts[blobs.size()];
  }

  /** The place of a blob's first chunk; for {@link #count()}, {@link #places()}. */
  public int place(int blob) {
    return firsts[blob];
  }

  /** The place of a chunk. */
  public int place(int blob, int chunk) {
    return firsts[blob] + chunk;
  }

  /** The blob whose chunk has this place. */
  public int blobAt(int place) {
    int found = Arrays.binarySearch(firsts, place);
    return found >= 0 ? found : -found - 2;
  }

  /** What it costs to fetch the chunk at a place of this blob: its bytes, or those of a request. */
  public long cost(int blob, int place) {
    return Math.max(REQUEST, grids.get(blob).chunk(place - firsts[blob]).length());
  }

  /** Whether the run lies in its blob. */
  public boolean has(ChunkRun run) {
    return run.blob() < count() && run.end() <= grids.get(run.blob()).count();
  }

  /** The places of the chunks that these bytes of a blob are in. */
  public IntStream places(int blob, long from, long to) {
    ChunkGrid grid = grid(blob);
    return IntStream.rangeClosed(grid.indexOf(from), grid.indexOf(to - 1))
        .map(chunk -> place(blob, chunk));
  }
}
