package dev.exodl.plan.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Simulates large swarms and prints what it counted: {@code docs/benchmarks.md} has the command.
 */
final class SwarmScale {
  private static final double G = Setting.GBIT;
  private static final double[] EQUAL = {10 * G};
  private static final double[] MIXED = {G, 10 * G, 25 * G};

  /** Seconds; another one is told by {@code -Dstep}. */
  private static final double STEP = Double.parseDouble(System.getProperty("step", "0.1"));

  private SwarmScale() {}

  /** A terabyte of large files. */
  private static Setting terabyte(String name, int nodes, double wan, double[] links) {
    return new Setting(name, nodes, 64, 15_625_000_000L, wan, links).withStep(STEP);
  }

  private static List<Setting> settings(int nodes) {
    return List.of(
        terabyte("equal", nodes, 10 * G, EQUAL),
        terabyte("half", nodes, 5 * G, EQUAL),
        terabyte("mixed", nodes, 10 * G, MIXED),
        terabyte("zones", nodes, 10 * G, EQUAL).withZones(4, 8),
        terabyte("failure", nodes, 10 * G, EQUAL).withFailure(200),
        new Setting("eighth", nodes, 8, 17_200_000_000L, 10 * G, EQUAL).withStep(STEP));
  }

  private static double cpuSeconds() {
    Optional<Duration> cpu = ProcessHandle.current().info().totalCpuDuration();
    return cpu.orElse(Duration.ZERO).toMillis() / 1e3;
  }

  /** Names of settings to run, after the number of nodes; all, if there are none. */
  public static void main(String[] args) {
    int nodes = Integer.parseInt(args[0]);
    List<String> names = List.of(args).subList(1, args.length);
    for (Setting setting : settings(nodes)) {
      if (names.isEmpty() || names.contains(setting.name())) {
        long start = System.nanoTime();
        System.out.print(new SimSwarm(setting, System.err::println).run().text());
        System.out.printf(
            "  simulated in %.0f s, %.0f s of a core since the start%n%n",
            (System.nanoTime() - start) / 1e9, cpuSeconds());
      }
    }
  }
}
