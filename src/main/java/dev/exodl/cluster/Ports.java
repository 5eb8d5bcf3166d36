package dev.exodl.cluster;

/**
 * The TCP ports of a cluster, one range for all, so that a firewall needs one rule (7820 to 7871;
 * chunk servers follow, to 7887). Unassigned by IANA and below what systems take for outgoing
 * connections.
 */
final class Ports {
  /** Where a node listens that was not told a port; when it is taken, the next one. */
  static final int FIRST = 7820;

  /** So many nodes may be on one address without being told ports. */
  static final int ON_ONE_HOST = 16;

  /** So many ports are tried on another host for which no port was told. */
  static final int TRIED = 4;

  /** From a node's port to the one that others watch it by (FD_SOCK2). */
  static final int TO_WATCHED = 20;

  private Ports() {}
}
