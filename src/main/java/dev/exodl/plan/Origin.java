package dev.exodl.plan;

import dev.exodl.model.NodeId;

/** Where chunks come from. */
public sealed interface Origin {
  Origin HUB = new Hub();

  /** The hub, over the internet. */
  record Hub() implements Origin {}

  /** Another node of the cluster, over the LAN. */
  record Peer(NodeId node) implements Origin {}
}
