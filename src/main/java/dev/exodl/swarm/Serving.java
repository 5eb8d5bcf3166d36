package dev.exodl.swarm;

/**
 * What a node that only serves has to offer once it is ready.
 *
 * @param address of its chunk server, {@code HOST:PORT}
 * @param nodes in the cluster, this one counted
 * @param snapshots that it can serve whole
 * @param bytes of their blobs; one that two snapshots share counts once
 */
public record Serving(String address, int nodes, int snapshots, long bytes) {}
