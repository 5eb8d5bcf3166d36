package dev.exodl.fetch;

import dev.exodl.model.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What went wrong at a source, as far as it matters for what to do next. */
public sealed interface Trouble {
  /** In a few words, for messages. */
  String what();

  /** The connection broke, stalled, ended early or talked nonsense: try again soon. */
  record Broken(String what) implements Trouble {}

  /**
   * The source is ill (408, 500, 502, 503, 504): try again later. {@code delay} is what it asked
   * for, if it did.
   */
  record Busy(String what, @Nullable Duration delay) implements Trouble {}

  /**
   * The source wants fewer requests (429): all requests to it wait. {@code delay} is what it asked
   * for, if it did.
   */
  record Throttled(String what, @Nullable Duration delay) implements Trouble {}

  /** No retry will help. */
  record Refused(Failure failure) implements Trouble {
    @Override
    public String what() {
      return failure.what();
    }
  }
}
