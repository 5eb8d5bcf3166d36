package dev.exodl.plan;

/** What the plan proposes to do next. */
public sealed interface Step {
  /**
   * Open this file, so that it is known what of it is here already. Answer with {@code FileOpened}
   * or {@code FileGone}.
   */
  record Open(int file) implements Step {}

  /** Fetch these chunks from there. Answer with {@code RunStarted}. */
  record Fetch(Run run, Origin origin) implements Step {}

  /** Nothing to begin now: all is held, in a run, or being opened. */
  record Idle() implements Step {}
}
