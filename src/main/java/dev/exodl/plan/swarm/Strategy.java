package dev.exodl.plan.swarm;

/** Who fetches from the hub. */
public enum Strategy {
  /** Every node that may, each its own leased chunks; all exchange what they have. */
  SWARM,
  /** Only the oldest that takes part and may ask the hub; the others get all from nodes. */
  LEADER,
  /** Each node everything for itself; nothing is exchanged. */
  INDEPENDENT
}
