package dev.exodl.swarm;

/** Told by a node of a cluster; called by many threads, must return at once. */
public interface NodeListener {
  /** Something the user should know. */
  void warn(String text);

  /** Worth telling to who wants to know everything. */
  void detail(String text);
}
