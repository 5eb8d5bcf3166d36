package dev.exodl.cluster;

/** The secret that the nodes of a cluster share. */
public final class ClusterKey {
  private ClusterKey() {}
}
