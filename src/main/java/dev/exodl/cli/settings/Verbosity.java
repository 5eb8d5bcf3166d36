package dev.exodl.cli.settings;

/** How much is told on stderr. */
public enum Verbosity {
  /** Failures only. */
  QUIET,
  NORMAL,
  /** Also requests and decisions. */
  VERBOSE,
  /** Also stack traces. */
  DEBUG;

  public boolean atLeast(Verbosity other) {
    return compareTo(other) >= 0;
  }
}
