package dev.exodl.plan.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Large swarms, simulated; {@link SwarmScale} runs larger ones, for which docs/benchmarks.md has
 * figures. Links here are slow, so that a small model takes as long as a large one on fast links;
 * starting and ending are a larger part of it.
 */
class SwarmScaleTest {
  private static final double MBIT = Setting.GBIT / 1000;

  /** A model of so many chunks of 1 MiB, in eight files. */
  private static Setting model(String name, int nodes, int chunks, double wan, double... links) {
    return new Setting(name, nodes, 8, ((long) chunks << 20) / 8, wan, links).withStep(0.1);
  }

  private static Figures run(Setting setting) {
    return new SimSwarm(setting).run();
  }

  private static void isGood(Figures figures, double ratio) {
    assertTrue(figures.ratio() <= ratio, figures.text());
    assertTrue(figures.hubChunks <= 1.01 * figures.places, figures.text());
  }

  @Test
  void aThousandNodesTakeLittleLongerThanTheyMustAndTellLittle() {
    Figures figures = run(model("thousand", 1000, 1024, 50 * MBIT, 100 * MBIT));
    isGood(figures, 1.15);
    assertTrue(figures.messages <= 100 * figures.nodes * figures.seconds, figures.text());
    assertTrue(figures.coordinatorMessages <= 500 * figures.seconds, figures.text());
  }

  @Test
  void nodesWithTheSameLinkAsAllTogetherHaveToTheHubUseItWell() {
    isGood(run(model("equal", 100, 2048, 100 * MBIT, 100 * MBIT)), 1.15);
  }

  @Test
  void slowNodesDoNotSlowTheFastOnes() {
    Figures figures = run(model("mixed", 90, 2048, 100 * MBIT, 10 * MBIT, 100 * MBIT, 250 * MBIT));
    isGood(figures, 1.05);
    assertTrue(figures.secondsOfLink[2] <= 1.25 * 172, figures.text());
  }

  @Test
  void aSlowLineIsUsedAllTheTime() {
    isGood(run(model("slow line", 100, 1024, 25 * MBIT, 100 * MBIT)), 1.05);
  }

  @Test
  void zonesAndHostsTakeAChunkAFewTimesFromAfar() {
    Figures figures = run(model("zones", 128, 1024, 100 * MBIT, 100 * MBIT).withZones(4, 8));
    isGood(figures, 1.15);
    assertTrue(figures.farChunks <= 9L * figures.places, figures.text());
    assertTrue(figures.hostChunks >= 0.7 * figures.chunks, figures.text());
  }

  @Test
  void whoHasTheModelSendsItAboutOnce() {
    for (int nodes : new int[] {3, 4, 8, 11}) {
      Figures figures = run(model("seed", nodes, 512, 0, 200 * MBIT).withStep(0.02));
      isGood(figures, 1.12);
      assertEquals(0, figures.hubChunks);
      assertTrue(figures.seedChunks <= 1.12 * figures.places, figures.text());
    }
  }

  @Test
  void aCoordinatorThatDiesCostsLittle() {
    Figures figures = run(model("failure", 100, 2048, 100 * MBIT, 100 * MBIT).withFailure(60));
    isGood(figures, 1.2);
    assertTrue(figures.hubTwice <= 10, figures.text());
  }

  /** Who takes over leases the last chunks first: of files that nobody has open. */
  @Test
  void aCoordinatorThatDiesCostsLittleWhereThereAreManyFiles() {
    Setting many = new Setting("many", 11, 200, 4L << 20, 100 * MBIT, new double[] {100 * MBIT});
    Figures figures = run(many.withStep(0.1).withFailure(20));
    isGood(figures, 1.2);
    assertTrue(figures.hubTwice <= 4, figures.text());
  }

  /** As in the lab: the hub's line is what there is, and all of it brings something new. */
  @Test
  void whereEachNeedsAShareFirstAllAreReadyWhenTheHubHasSentTheModel() {
    Figures figures =
        run(model("shares", 4, 512, 100 * MBIT, 500 * MBIT).withStep(0.02).withShares());
    System.out.println(figures.text());
    isGood(figures, 1.15);
    assertTrue(figures.ratioUntilReady() <= 1.15, figures.text());
    assertEquals(figures.places, figures.hubChunks, figures.text());
    assertTrue(figures.ownChunks >= 0.95 * figures.places, figures.text());
  }

  @Test
  void sharesOfMoreNodesComeFirstTooAndCostTheRestNothing() {
    Setting plain = model("sixteen", 16, 1024, 100 * MBIT, 100 * MBIT);
    Figures without = run(plain);
    Figures figures = run(plain.withShares());
    System.out.println(figures.text());
    isGood(figures, 1.15);
    assertTrue(figures.ratioUntilReady() <= 1.15, figures.text());
    assertTrue(figures.seconds <= 1.03 * without.seconds, without.text() + figures.text());
    assertTrue(figures.ownChunks >= 0.9 * figures.places, figures.text());
  }

  @Test
  void aCoordinatorThatDiesCostsSharesLittle() {
    Figures figures =
        run(
            model("shares and failure", 4, 512, 100 * MBIT, 500 * MBIT)
                .withStep(0.02)
                .withShares()
                .withFailure(20));
    System.out.println(figures.text());
    isGood(figures, 1.2);
    assertTrue(figures.ratioUntilReady() <= 1.2, figures.text());
    assertTrue(figures.hubTwice <= 4, figures.text());
  }

  @Test
  void inASmallClusterTheLinesToTheHubAddUp() {
    Figures figures = run(model("small", 4, 1024, 400 * MBIT, 100 * MBIT));
    isGood(figures, 1.05);
    assertEquals(figures.places, figures.hubChunks);
  }
}
