package dev.exodl.store;

/** What came of opening a part. */
public sealed interface Opened {
  /** It is open, and ours alone. */
  record Part(PartFile part) implements Opened {}

  /** The blob is whole already, perhaps since another process finished it while we waited. */
  record AlreadyThere(Presence presence) implements Opened {}

  /**
   * Another process works on it, and the waiter did not want to wait longer, or the thread was
   * interrupted.
   */
  record Busy(String owner) implements Opened {}
}
