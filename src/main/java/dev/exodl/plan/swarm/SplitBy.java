package dev.exodl.plan.swarm;

/** How a model's layers are dealt out to nodes. */
public enum SplitBy {
  /** To each as many. */
  EQUAL,

  /** So that each has about as many bytes. */
  BYTES,

  /** In proportion to their memory. */
  MEMORY
}
