package dev.exodl.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One request as the emulator saw it. It is logged on arrival; status and bytes grow while it is
 * answered.
 */
public final class LoggedRequest {

  private final long number;
  private final Host host;
  private final Where where;
  private final long connection;
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, String> headers;
  private final @Nullable String file;
  private final Instant at = Instant.now();
  private final long startNanos = System.nanoTime();
  private final AtomicLong bodyBytes = new AtomicLong();
  private volatile int status;
  private volatile long endNanos;
  private volatile List<Fault> faults = List.of();

  LoggedRequest(
      long number,
      Host host,
      Where where,
      long connection,
      Request request,
      @Nullable String file) {
    this.number = number;
    this.host = host;
    this.where = where;
    this.connection = connection;
    this.method = request.method();
    this.path = request.path();
    this.query = request.query();
    this.headers = request.headers();
    this.file = file;
  }

  void add(long bytes) {
    bodyBytes.addAndGet(bytes);
  }

  void answered(int newStatus, List<Fault> withFaults) {
    status = newStatus;
    faults = withFaults;
  }

  void ended() {
    endNanos = System.nanoTime();
  }

  /** Counts up from 1 over all hosts, in order of arrival. */
  public long number() {
    return number;
  }

  public Host host() {
    return host;
  }

  public Where where() {
    return where;
  }

  /** Number of the connection, over all hosts. */
  public long connection() {
    return connection;
  }

  public String method() {
    return method;
  }

  /** Raw path. */
  public String path() {
    return path;
  }

  /** Raw query, without question mark. */
  public String query() {
    return query;
  }

  /** Headers by lower-case name. */
  public Map<String, String> headers() {
    return headers;
  }

  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  public @Nullable String authorization() {
    return header("authorization");
  }

  public @Nullable String range() {
    return header("range");
  }

  /**
   * Path in the repo of the file that was asked for; null if it was no file. Known for CDN requests
   * too.
   */
  public @Nullable String file() {
    return file;
  }

  public Instant at() {
    return at;
  }

  /** 0 while there is no answer yet, and for a connection that is dropped. */
  public int status() {
    return status;
  }

  /**
   * Body bytes handed to the kernel so far; at most a slice (64 KiB) more than that for a broken
   * connection.
   */
  public long bodyBytes() {
    return bodyBytes.get();
  }

  /** The faults that were applied. */
  public List<Fault> faults() {
    return faults;
  }

  public boolean isEnded() {
    return endNanos != 0;
  }

  /** From arrival to the end of the answer, or till now. */
  public Duration took() {
    return Duration.ofNanos((isEnded() ? endNanos : System.nanoTime()) - startNanos);
  }

  public boolean isHead() {
    return method.equals("HEAD");
  }

  public boolean isGet() {
    return method.equals("GET");
  }

  @Override
  public String toString() {
    var range = range();
    return "#%d c%d %s %s %s%s%s -> %d, %d bytes%s"
        .formatted(
            number,
            connection,
            where,
            method,
            path,
            query.isEmpty() ? "" : "?" + query,
            range == null ? "" : " [" + range + "]",
            status,
            bodyBytes(),
            faults.isEmpty() ? "" : " " + faults);
  }
}
