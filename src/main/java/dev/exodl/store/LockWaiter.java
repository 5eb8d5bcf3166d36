package dev.exodl.store;

import java.time.Duration;

/** Is asked now and then while another process works on a blob that we want too. */
@FunctionalInterface
public interface LockWaiter {
  /** Waits as long as it takes. */
  LockWaiter PATIENT = (owner, since) -> true;

  /**
   * Called at each try that found the blob taken.
   *
   * @param owner who holds it, for people
   * @param since how long we have waited
   * @return whether to go on waiting
   */
  boolean waiting(String owner, Duration since);
}
