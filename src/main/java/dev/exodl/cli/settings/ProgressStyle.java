package dev.exodl.cli.settings;

/** How progress is shown on stderr. */
public enum ProgressStyle {
  /** Bars when stderr is a terminal, else plain lines. */
  AUTO,
  BAR,
  PLAIN,
  JSON,
  NONE
}
