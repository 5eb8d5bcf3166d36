package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;

/** A node of a swarm and where it is. */
public record Member(NodeId node, Place place) {}
