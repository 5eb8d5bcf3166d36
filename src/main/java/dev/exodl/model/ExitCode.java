package dev.exodl.model;

/** What the process answers to its caller. The numbers are a promise: docs/exit-codes.md. */
public enum ExitCode {
  OK(0),
  INTERNAL(1),
  USAGE(2),
  AUTH(10),
  NOT_FOUND(11),
  NETWORK(12),
  INTEGRITY(13),
  STORAGE(14),
  CLUSTER(15),
  PARTIAL(16),
  INTERRUPTED(130),
  TERMINATED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
