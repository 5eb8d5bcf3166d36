/**
 * A swarm: the nodes of a cluster that want one snapshot. <em>Chunk run</em>: adjacent chunks of a
 * blob. <em>Lease</em>: a node's time-limited right to fetch chunk runs from the hub.
 * <em>Have-map</em>: which chunks a node holds. Pure values and functions: no IO, no clock, no
 * threads.
 */
@NullMarked
package dev.exodl.plan.swarm;

import org.jspecify.annotations.NullMarked;
