package dev.exodl.plan.swarm;

import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * From where the nodes of a swarm get a snapshot when none holds any of it and all are alike.
 *
 * @param shares one for each node
 */
public record Forecast(Strategy strategy, List<Share> shares) {
  public Forecast {
    shares = List.copyOf(shares);
  }

  /** Bytes that one node takes. */
  public record Share(long fromHub, long fromPeers) {}

  /**
   * The forecast for blobs that are cut like this.
   *
   * @param nodes at least 1
   */
  public static Forecast of(Strategy strategy, int nodes, List<ChunkGrid> blobs) {
    if (nodes < 1) {
      throw new IllegalArgumentException("no nodes: " + nodes);
    }
    long all = blobs.stream().mapToLong(ChunkGrid::blobSize).sum();
    return new Forecast(
        strategy,
        switch (strategy) {
          case SWARM -> swarm(nodes, blobs, all);
          case LEADER ->
              IntStream.range(0, nodes)
                  .mapToObj(i -> i == 0 ? new Share(all, 0) : new Share(0, all))
                  .toList();
          case INDEPENDENT -> IntStream.range(0, nodes).mapToObj(i -> new Share(all, 0)).toList();
        });
  }

  /** Whole chunks, as even as they allow. */
  private static List<Share> swarm(int nodes, List<ChunkGrid> blobs, long all) {
    long[] fromHub = new long[nodes];
    long before = 0;
    for (ChunkGrid blob : blobs) {
      for (int i = 0; i < blob.count(); i++) {
        Chunk chunk = blob.chunk(i);
        fromHub[(int) (before * nodes / all)] += chunk.length();
        before += chunk.length();
      }
    }
    List<Share> shares = new ArrayList<>();
    for (long bytes : fromHub) {
      shares.add(new Share(bytes, all - bytes));
    }
    return shares;
  }

  /** Bytes that all take from the hub together. */
  public long fromHub() {
    return shares.stream().mapToLong(Share::fromHub).sum();
  }
}
