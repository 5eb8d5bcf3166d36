package dev.exodl.toolchain;

/** The command cannot do what was asked; the message says what and where in one line. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
