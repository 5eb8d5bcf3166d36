package dev.exodl.model;

/**
 * Carries a {@link Failure} to the edge of the program, where it is told and becomes an exit code.
 */
public final class FailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public FailureException(Failure failure) {
    super(failure.line());
    this.failure = failure;
  }

  public FailureException(Failure failure, Throwable cause) {
    super(failure.line(), cause);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
