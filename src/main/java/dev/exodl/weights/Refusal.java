package dev.exodl.weights;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import org.jspecify.annotations.Nullable;

/** How this room says no. */
final class Refusal {
  private Refusal() {}

  /** A file is not what it has to be. */
  static FailureException wrong(String file, String what) {
    return wrong(file, what, null);
  }

  static FailureException wrong(String file, String what, @Nullable Throwable cause) {
    Failure failure =
        new Failure.Integrity(
            what, Printable.of(file), "nothing of it was used; report it to the repo's owner");
    return cause == null ? new FailureException(failure) : new FailureException(failure, cause);
  }

  /** Somebody asked for what cannot be. */
  static FailureException usage(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }

  /** A name out of a header, for a message. */
  static String named(String tensor) {
    return "tensor '" + Printable.of(tensor) + "'";
  }
}
