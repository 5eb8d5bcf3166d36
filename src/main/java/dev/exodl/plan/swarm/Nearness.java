package dev.exodl.plan.swarm;

/** How far another node is, nearest first. */
public enum Nearness {
  /** On this host. */
  HOST,
  /** In this zone and this subnet. */
  SUBNET,
  /** In this zone, another subnet. */
  ZONE,
  /** In another zone. */
  FAR
}
