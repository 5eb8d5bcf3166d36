package dev.exodl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ChunkGrid;
import dev.exodl.plan.swarm.Bound;
import dev.exodl.plan.swarm.Bound.Limit;
import dev.exodl.plan.swarm.Forecast;
import dev.exodl.plan.swarm.Forecast.Share;
import dev.exodl.plan.swarm.Strategy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastTest {
  private static final int MIB = 1 << 20;
  private static final List<ChunkGrid> BLOBS =
      List.of(
          new ChunkGrid(10L * MIB + 5, MIB), new ChunkGrid(3, MIB), new ChunkGrid(7L * MIB, MIB));
  private static final long ALL = 17L * MIB + 8;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 19, 40})
  void aSwarmTakesEachByteFromTheHubOnce(int nodes) {
    Forecast forecast = Forecast.of(Strategy.SWARM, nodes, BLOBS);
    assertEquals(nodes, forecast.shares().size());
    assertEquals(ALL, forecast.fromHub());
    for (Share share : forecast.shares()) {
      assertEquals(ALL, share.fromHub() + share.fromPeers());
      assertTrue(share.fromHub() <= ALL / nodes + MIB, "nobody much more than others");
    }
  }

  @Test
  void aLeaderTakesAllAndNodesAloneEachAll() {
    assertEquals(
        List.of(new Share(ALL, 0), new Share(0, ALL), new Share(0, ALL)),
        Forecast.of(Strategy.LEADER, 3, BLOBS).shares());
    assertEquals(3 * ALL, Forecast.of(Strategy.INDEPENDENT, 3, BLOBS).fromHub());
  }

  @Test
  void nothingIsSharedOfNothing() {
    assertEquals(
        List.of(new Share(0, 0), new Share(0, 0)),
        Forecast.of(Strategy.SWARM, 2, List.of()).shares());
  }

  @Test
  void theBoundIsThatOfTheNarrowestPlace() {
    assertEquals(new Bound(80, Limit.HUB), Bound.of(Strategy.SWARM, 8_000, 4, 100, 1_000));
    assertEquals(new Bound(80, Limit.NODE), Bound.of(Strategy.SWARM, 8_000, 4, 1_000, 100));
    assertEquals(new Bound(320, Limit.HUB), Bound.of(Strategy.INDEPENDENT, 8_000, 4, 100, 1_000));
    assertEquals(new Bound(8, Limit.NODE), Bound.of(Strategy.INDEPENDENT, 8_000, 4, 10_000, 1_000));
  }
}
