package dev.exodl.plan.sim;

import java.util.Arrays;

/**
 * What is simulated.
 *
 * @param files of the model, all of {@code fileBytes}
 * @param wan bytes a second that all nodes together get from the hub; 0 if there is none: then the
 *     last node has the model
 * @param links bytes a second of a node's link, each way: node i has the link i modulo their number
 * @param zones the nodes are dealt to so many zones in turn
 * @param perHost nodes of one host
 * @param failAt seconds after which the coordinator is killed; 0 for never
 * @param step seconds of a step
 * @param shares whether each node needs a part of the chunks before the others, as many as there
 *     are nodes, in order
 */
record Setting(
    String name,
    int nodes,
    int files,
    long fileBytes,
    double wan,
    double[] links,
    int zones,
    int perHost,
    double failAt,
    double step,
    long seed,
    boolean shares) {
  static final double GBIT = 1e9 / 8;

  /** Streams that a node takes from others at once. */
  static final int PULLS = 16;

  /** Streams that a node takes from the hub at once. */
  static final int HUB = 4;

  /** Bytes a second between all nodes of one host. */
  static final double WITHIN_HOST = 50 * GBIT;

  /** Seconds from one node to another for a message. */
  static final double DELAY = 0.005;

  /** Seconds until a killed node is known to be gone. */
  static final double DETECTION = 2;

  Setting(String name, int nodes, int files, long fileBytes, double wan, double[] links) {
    this(name, nodes, files, fileBytes, wan, links, 1, 1, 0, 0.02, 1, false);
  }

  Setting withStep(double seconds) {
    return new Setting(
        name, nodes, files, fileBytes, wan, links, zones, perHost, failAt, seconds, seed, shares);
  }

  Setting withZones(int number, int nodesOfHost) {
    return new Setting(
        name, nodes, files, fileBytes, wan, links, number, nodesOfHost, failAt, step, seed, shares);
  }

  Setting withFailure(double seconds) {
    return new Setting(
        name, nodes, files, fileBytes, wan, links, zones, perHost, seconds, step, seed, shares);
  }

  Setting withShares() {
    return new Setting(
        name, nodes, files, fileBytes, wan, links, zones, perHost, failAt, step, seed, true);
  }

  double link(int node) {
    return links[node % links.length];
  }

  double bytes() {
    return (double) files * fileBytes;
  }

  boolean seeded() {
    return wan == 0;
  }

  /** No way of distributing is faster than this, in seconds. */
  double bound() {
    double sum = 0;
    for (int i = 0; i < nodes; i++) {
      sum += link(i);
    }
    double slowest = Arrays.stream(links).min().orElseThrow();
    double all = (seeded() ? nodes - 1 : nodes) * bytes() / (wan + sum);
    return Math.max(all, bytes() / Math.min(source(), slowest));
  }

  /** All shares together come from the hub, so nobody can have all of them ready before. */
  double boundOfShares() {
    return bytes() / nodes / (wan / nodes);
  }

  /** Bytes a second that come from where the model is at first. */
  private double source() {
    return seeded() ? link(nodes - 1) : wan;
  }

  /** The bound for the nodes with this link alone. */
  double bound(double link) {
    return bytes() / Math.min(source(), link);
  }

  /** How wide each wire is: the nodes', the hub's, and those within the hosts. */
  double[] wide() {
    int hosts = (nodes - 1) / perHost + 1;
    double[] wide = new double[nodes + 1 + hosts];
    Arrays.fill(wide, WITHIN_HOST);
    for (int i = 0; i < nodes; i++) {
      wide[i] = link(i);
    }
    wide[nodes] = wan;
    return wide;
  }
}
