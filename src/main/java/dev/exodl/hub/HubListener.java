package dev.exodl.hub;

/**
 * Told about exchanges and the hub's own warnings. Called from many threads, must return at once.
 */
public interface HubListener {
  HubListener NONE = new HubListener() {};

  /** An exchange ended or failed. */
  default void exchanged(RequestTrace trace) {}

  /** The hub's {@code X-HF-Warning}, the first of its topic. Fit for a terminal. */
  default void warned(String text) {}
}
