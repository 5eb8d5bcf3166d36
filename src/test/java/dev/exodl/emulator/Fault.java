package dev.exodl.emulator;

import java.time.Duration;
import java.util.Map;

/** Something that goes wrong with one answer (or, where it says so, with the hub from then on). */
public sealed interface Fault {

  /** TCP reset after this many body bytes of the answer. */
  record CutAfter(long bytes) implements Fault {}

  /** Nothing for a while after this many body bytes; then it goes on. */
  record StallAfter(long bytes, Duration duration) implements Fault {}

  /**
   * Bytes {@code [offset, offset + length)} of the file (not of the answer) are served inverted. A
   * rule with this fault fires only for requests that touch them.
   */
  record WrongBytes(long offset, long length) implements Fault {}

  /**
   * The body ends after this many bytes though the head promised more; the connection is closed
   * cleanly.
   */
  record TruncatedBody(long bytes, Framing framing) implements Fault {}

  /** How a truncated body was announced. */
  enum Framing {
    /** By an honest Content-Length. */
    LENGTH,
    /** Chunked, and the closing chunk never comes. */
    CHUNKED,
    /** Chunked, and the closing chunk comes too early: only a length known from elsewhere tells. */
    CHUNKED_CLOSED
  }

  /** 200 with the whole file to a request with a Range. */
  record IgnoreRange() implements Fault {}

  /**
   * All signed URLs issued so far are expired from now on (403 with AccessDenied XML), this
   * request's included.
   */
  record ExpireUrls() implements Fault {}

  /** An error status in place of the answer. */
  record Status(int code, RetryHint hint) implements Fault {}

  /** What a 429 or 503 says about when to come back. */
  sealed interface RetryHint {
    record None() implements RetryHint {}

    /** {@code RateLimit: "…";r=0;t=seconds}. */
    record RateLimit(int seconds) implements RetryHint {}

    /** {@code Retry-After: seconds}. */
    record AfterSeconds(int seconds) implements RetryHint {}

    /** {@code Retry-After: HTTP date}, rounded up to whole seconds. */
    record AfterDate(Duration fromNow) implements RetryHint {}
  }

  /** Status line and headers are held back. */
  record SlowFirstByte(Duration duration) implements Fault {}

  /** This answer's body at so many bytes per second. */
  record SlowRate(long bytesPerSecond) implements Fault {}

  /** After this answer is made, a ref of the request's repo points at another commit. */
  record MoveRevision(String ref, String commit) implements Fault {}

  /** The listing's {@code Link: rel="next"} names the foreign host. */
  record LinkNextForeignHost() implements Fault {}

  /**
   * Redirect (301, 302, 303, 307, 308) to the foreign host, which has the same content and notes
   * the headers it sees.
   */
  record RedirectToForeignHost(int status) implements Fault {}

  /**
   * This connection is reset without an answer and no new one to this host is accepted for a while.
   */
  record RefuseConnection(Duration duration) implements Fault {}

  /** The connection is reset without an answer. */
  record DropConnection() implements Fault {}

  /** An honest answer, after which the connection is closed although keep-alive was promised. */
  record CloseQuietly() implements Fault {}

  /** Something that is not HTTP, then close. */
  record Garbage() implements Fault {}

  /** A 206 whose Content-Range starts (and whose bytes are) this many bytes off what was asked. */
  record WrongContentRange(long shift) implements Fault {}

  /**
   * Content-Length is off by this many bytes (positive: too large) and the connection is closed
   * after the true body.
   */
  record WrongLength(long error) implements Fault {}

  /** 200 with a login page, as a captive portal gives. */
  record CaptivePortal() implements Fault {}

  /** The answer without these headers, as through a proxy that strips them; names in any case. */
  record MissingHeaders(java.util.Set<String> names) implements Fault {}

  /** The answer with these headers set. */
  record OtherHeaders(Map<String, String> headers) implements Fault {}

  static Fault status(int code) {
    return new Status(code, new RetryHint.None());
  }

  static Fault rateLimited(int seconds) {
    return new Status(429, new RetryHint.RateLimit(seconds));
  }

  static Fault retryAfter(int code, int seconds) {
    return new Status(code, new RetryHint.AfterSeconds(seconds));
  }

  static Fault retryAtDate(int code, Duration fromNow) {
    return new Status(code, new RetryHint.AfterDate(fromNow));
  }

  static Fault truncated(long bytes) {
    return new TruncatedBody(bytes, Framing.LENGTH);
  }

  /** Whether it only means something for an answer with a body of a file. */
  default boolean needsBody() {
    return switch (this) {
      case CutAfter _,
          StallAfter _,
          WrongBytes _,
          TruncatedBody _,
          IgnoreRange _,
          SlowRate _,
          WrongContentRange _,
          WrongLength _ ->
          true;
      case ExpireUrls _,
          Status _,
          SlowFirstByte _,
          MoveRevision _,
          LinkNextForeignHost _,
          RedirectToForeignHost _,
          RefuseConnection _,
          DropConnection _,
          CloseQuietly _,
          Garbage _,
          CaptivePortal _,
          MissingHeaders _,
          OtherHeaders _ ->
          false;
    };
  }
}
