package dev.exodl.plan;

/** Follows a plan's changes, told with the plan's lock held. */
interface PlanWatch {
  /**
   * Chunks of this file from {@code first} to {@code end} (exclusive) came, went, or were taken.
   */
  void changed(FilePlan file, int first, int end);

  /** The file's stage, or how it is served, is another one. */
  void staged(FilePlan file);

  /** The run is over; its chunks were told before. */
  void ended(Run run);
}
