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
  private final List<BitSet> held = new ArrayList<>();
  private final List<BitSet> summed = new ArrayList<>();
  private final int[][] crcs;

  /** What the others were not told yet. */
  final News news = new News();

  /** What a coordinator was not told yet that hears less often than they do. */
  final News coordinatorNews = new News();

  /** Chunks that came since they were told last. */
  final class News {
    private final List<BitSet> chunks = new ArrayList<>();
    private int count;

    private void put(int blob, int chunk) {
      if (!chunks.get(blob).get(chunk)) {
        chunks.get(blob).set(chunk);
        count++;
      }
    }

    private void forget(int blob) {
      count -= chunks.get(blob).cardinality();
      chunks.get(blob).clear();
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
      chunks.forEach(BitSet::clear);
      count = 0;
    }
  }

  OwnChunks(SwarmBlobs blobs) {
    this.blobs = blobs;
    this.crcs = new int[blobs.count()][];
    for (int i = 0; i < blobs.count(); i++) {
      held.add(new BitSet());
      summed.add(new BitSet());
      news.chunks.add(new BitSet());
      coordinatorNews.chunks.add(new BitSet());
      crcs[i] = new int[0];
    }
  }

  /** A whole blob, verified as such. */
  void whole(int blob) {
    int count = blobs.grid(blob).count();
    for (int c = held.get(blob).nextClearBit(0); c < count; c = held.get(blob).nextClearBit(c)) {
      put(blob, c);
    }
  }

  /** A chunk of the swarm's own grid. */
  void chunk(int blob, int chunk, int crc) {
    if (crcs[blob].length == 0) {
      crcs[blob] = new int[blobs.grid(blob).count()];
    }
    crcs[blob][chunk] = crc;
    summed.get(blob).set(chunk);
    put(blob, chunk);
  }

  private void put(int blob, int chunk) {
    held.get(blob).set(chunk);
    news.put(blob, chunk);
    coordinatorNews.put(blob, chunk);
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
      if (!held.get(blob).get(c)
          && have.nextClearBit(grid.indexOf(mine.offset())) > grid.indexOf(mine.end() - 1)) {
        put(blob, c);
      }
    }
  }

  /** Nothing of this blob is held any more; to be told by {@link #all}. */
  void forget(int blob) {
    held.get(blob).clear();
    summed.get(blob).clear();
    news.forget(blob);
    coordinatorNews.forget(blob);
  }

  boolean holds(int blob, int chunk) {
    return held.get(blob).get(chunk);
  }

  boolean isEmpty() {
    return held.stream().allMatch(BitSet::isEmpty);
  }

  /** All that is held. */
  List<SwarmMessage.HeldChunks> all() {
    return messages(held);
  }

  /** How many chunks of these blobs are not held. */
  int missing(BitSet wanted) {
    int missing = 0;
    for (int b = wanted.nextSetBit(0); b >= 0; b = wanted.nextSetBit(b + 1)) {
      missing += blobs.grid(b).count() - held.get(b).cardinality();
    }
    return missing;
  }

  private List<SwarmMessage.HeldChunks> messages(List<BitSet> chunks) {
    List<SwarmMessage.HeldChunks> told = new ArrayList<>();
    for (int blob = 0; blob < chunks.size(); blob++) {
      BitSet with = (BitSet) chunks.get(blob).clone();
      with.and(summed.get(blob));
      BitSet without = (BitSet) chunks.get(blob).clone();
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
      sums.add(crcs[blob][c]);
    }
    return sums;
  }
}
