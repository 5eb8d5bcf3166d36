package dev.exodl.emulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an answer's bytes travel; all of it honest and at once unless a fault or setting says
 * otherwise.
 */
final class Delivery {

  /** What becomes of the connection at {@link #endAt}. */
  enum End {
    /** TCP reset. */
    RESET,
    /** Plain close (FIN) without the rest. */
    CLOSE,
    /** For chunked bodies: the closing chunk comes too early, so the answer looks whole. */
    LAST_CHUNK
  }

  /** Raw bytes sent in place of the whole answer. */
  byte @Nullable [] garbage;

  /** Connection is reset without an answer. */
  boolean dropped;

  /** Connection is closed after the answer although keep-alive was promised. */
  boolean closedQuietly;

  Duration firstByteAfter = Duration.ZERO;

  /** Bytes per second of this answer; 0 is no cap. */
  long rate;

  /** Body bytes after which nothing comes for {@link #stallFor}; negative is never. */
  long stallAt = -1;

  Duration stallFor = Duration.ZERO;

  /** Body bytes after which the answer ends; negative is at its true end. */
  long endAt = -1;

  End end = End.CLOSE;

  /** Added to the true Content-Length. */
  long lengthError;

  final List<Fault.WrongBytes> wrong = new ArrayList<>();
}
