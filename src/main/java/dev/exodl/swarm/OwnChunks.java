package dev.exodl.swarm;

import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The chunks of a swarm that this node holds, with their checksums where they are known, and which
 * of them the others were not told yet. Not safe for several threads.
 */
final class OwnChunks {
  /** Bits of what another {@link SwarmMessage.HeldChunks} costs. */
  private static final int FAR_APART = 128;

  private final SwarmBlobs blobs;

  // By the chunks' places: a snapshot of very many small files costs a few bits for each.
  private final BitSet held = new BitSet();
  private final BitSet summed = new BitSet();

  /** Made when the first checksum comes. */
  private int[] crcs = new int[0];

  /** What the others were not told yet. */
  final News news = new News();

  /** What a coordinator was not told yet that hears less often than they do. */
  final News coordinatorNews = new News();

  /** Chunks that came since they were told last. */
  final class News {
    private final BitSet chunks = new BitSet();
    private int count;

    private void put(int place) {
      if (!chunks.get(place)) {
        chunks.set(place);
        count++;
      }
    }

    private void forget(int first, int end) {
      count -= chunks.get(first, end).cardinality();
      chunks.clear(first, end);
    }

    int count() {
      return count;
    }

    List<SwarmMessage.HeldChunks> take() {
      List<SwarmMessage.HeldChunks> told = messages(chunks);
      clear();
      return told;
    }

    void clear() {
      chunks.clear();
      count = 0;
    }
  }

  OwnChunks(SwarmBlobs blobs) {
    this.blobs = blobs;
  }

  /** A whole blob, verified as such. */
  void whole(int blob) {
    int end = blobs.place(blob + 1);
    for (int p = held.nextClearBit(blobs.place(blob)); p < end; p = held.nextClearBit(p)) {
      put(p);
    }
  }

  /** A chunk of the swarm's own grid. */
  void chunk(int blob, int chunk, int crc) {
    if (crcs.length == 0) {
      crcs = new int[blobs.places()];
    }
    int place = blobs.place(blob, chunk);
    crcs[place] = crc;
    summed.set(place);
    put(place);
  }

  private void put(int place) {
    held.set(place);
    news.put(place);
    coordinatorNews.put(place);
  }

  /** Chunks of a part, which may be cut in another way than the swarm. */
  void part(int blob, PartChunks part) {
    ChunkGrid grid = part.grid;
    boolean alike = grid.chunkSize() == blobs.grid(blob).chunkSize();
    int number = 0;
    for (int c = part.which.nextSetBit(0); c >= 0; c = part.which.nextSetBit(c + 1)) {
      int crc = part.crcs[number++];
      if (alike) {
        chunk(blob, c, crc);
      } else {
        covered(blob, grid, part.have, grid.chunk(c));
      }
    }
  }

  private void covered(int blob, ChunkGrid grid, BitSet have, Chunk chunk) {
    ChunkGrid swarm = blobs.grid(blob);
    for (int c = swarm.indexOf(chunk.offset()); c <= swarm.indexOf(chunk.end() - 1); c++) {
      Chunk mine = swarm.chunk(c);
      if (!holds(blob, c)
          && have.nextClearBit(grid.indexOf(mine.offset())) > grid.indexOf(mine.end() - 1)) {
        put(blobs.place(blob, c));
      }
    }
  }

  /** Nothing of this blob is held any more; to be told by {@link #all}. */
  void forget(int blob) {
    int first = blobs.place(blob);
    int end = blobs.place(blob + 1);
    held.clear(first, end);
    summed.clear(first, end);
    news.forget(first, end);
    coordinatorNews.forget(first, end);
  }

  boolean holds(int blob, int chunk) {
    return held.get(blobs.place(blob, chunk));
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /** All that is held. */
  List<SwarmMessage.HeldChunks> all() {
    return messages(held);
  }

  /** How many chunks of these blobs are not held. */
  int missing(BitSet wanted) {
    int missing = 0;
    int next;
    for (int b = wanted.nextSetBit(0); b >= 0; b = wanted.nextSetBit(next)) {
      next = wanted.nextClearBit(b);
      int first = blobs.place(b);
      int end = blobs.place(next);
      missing += end - first - held.get(first, end).cardinality();
    }
    return missing;
  }

  private List<SwarmMessage.HeldChunks> messages(BitSet places) {
    List<SwarmMessage.HeldChunks> told = new ArrayList<>();
    int end;
    for (int p = places.nextSetBit(0); p >= 0; p = places.nextSetBit(end)) {
      int blob = blobs.blobAt(p);
      int first = blobs.place(blob);
      end = blobs.place(blob + 1);
      BitSet with = places.get(first, end);
      BitSet without = (BitSet) with.clone();
      with.and(summed.get(first, end));
      without.andNot(with);
      add(told, blob, with, true);
      add(told, blob, without, false);
    }
    return told;
  }

  /** Chunks that are far apart are told one by one, not with all that is between them. */
  private void add(List<SwarmMessage.HeldChunks> told, int blob, BitSet chunks, boolean sums) {
    int end;
    for (int first = chunks.nextSetBit(0); first >= 0; first = chunks.nextSetBit(end)) {
      end = chunks.nextClearBit(first);
      for (int next = chunks.nextSetBit(end);
          next >= 0 && next - end < FAR_APART;
          next = chunks.nextSetBit(end)) {
        end = chunks.nextClearBit(next);
      }
      told.add(
          new SwarmMessage.HeldChunks(
              blob,
              first,
              chunks.get(first, end),
              sums ? sums(blob, chunks, first, end) : List.of()));
    }
  }

  private List<Integer> sums(int blob, BitSet chunks, int first, int end) {
    List<Integer> sums = new ArrayList<>();
    for (int c = first; c >= 0 && c < end; c = chunks.nextSetBit(c + 1)) {
      sums.add(crcs[blobs.place(blob, c)]);
    }
    return sums;
  }
}
