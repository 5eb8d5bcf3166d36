package dev.exodl.plan.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Large swarms, simulated; {@link SwarmScale} runs larger ones. */
class SwarmScaleTest {
  private static final double G = Setting.GBIT;

  /**
   * 2048 chunks of 1 MiB. Links are slow: what takes minutes is like a large model on fast ones.
   */
  private static Setting model(String name, int nodes, double wan, double... links) {
    return new Setting(name, nodes, 8, 256L << 20, wan, links).withStep(0.05);
  }

  private static Figures run(Setting setting) {
    Figures figures = new SimSwarm(setting).run();
    System.out.print(figures.text());
    return figures;
  }

  private static void isGood(Figures figures, double ratio) {
    assertTrue(figures.ratio() <= ratio, figures.text());
    assertTrue(figures.hubChunks <= 1.01 * figures.places, figures.text());
  }

  @Test
  void aThousandNodesTakeLittleLongerThanTheyMust() {
    Figures figures = run(model("thousand", 1000, G / 10, G / 10));
    isGood(figures, 1.25);
    double messages = figures.messages / (double) figures.nodes / figures.seconds;
    assertTrue(messages <= 100, figures.text());
    assertTrue(figures.coordinatorMessages / figures.seconds <= 500, figures.text());
  }

  @Test
  void slowNodesDoNotSlowTheFastOnes() {
    Figures figures = run(model("mixed", 90, G / 10, G / 100, G / 10, G / 4));
    isGood(figures, 1.15);
    assertTrue(figures.secondsOfLink[2] <= 300, "an eighth of what the slow ones need");
  }

  @Test
  void aSlowLineIsUsedAllTheTime() {
    isGood(run(model("slow line", 200, G / 40, G / 10)), 1.1);
  }

  @Test
  void zonesAndHostsTakeAChunkAFewTimesFromAfar() {
    Figures figures = run(model("zones", 128, G / 10, G / 10).withZones(4, 8));
    isGood(figures, 1.25);
    assertTrue(figures.farChunks <= 6L * figures.places, figures.text());
    assertTrue(figures.hostChunks >= 0.6 * figures.chunks, figures.text());
  }

  @Test
  void aCoordinatorThatDiesCostsLittle() {
    Figures figures = run(model("failure", 200, G / 10, G / 10).withFailure(50));
    isGood(figures, 1.25);
    assertTrue(figures.hubTwice <= 8, figures.text());
  }

  @Test
  void inASmallClusterEachNodeFetchesItsPart() {
    Figures figures = run(model("small", 4, G / 2, G / 10));
    isGood(figures, 1.1);
    assertEquals(figures.places, figures.hubChunks);
  }
}
