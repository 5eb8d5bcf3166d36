package dev.exodl.emulator;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All that the emulator was asked and gave; may be read while it is running. */
public final class RequestLog {

  private static final class Counts {
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger active = new AtomicInteger();
    final AtomicInteger mostActive = new AtomicInteger();
  }

  private final ConcurrentLinkedQueue<LoggedRequest> requests = new ConcurrentLinkedQueue<>();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Host, Counts> counts = new EnumMap<>(Host.class);

  RequestLog() {
    for (var host : Host.values()) {
      counts.put(host, new Counts());
    }
  }

  LoggedRequest add(
      Host host, Where where, long connection, Request request, @Nullable String file) {
    var logged =
        new LoggedRequest(numbers.incrementAndGet(), host, where, connection, request, file);
    requests.add(logged);
    return logged;
  }

  /** All requests since the start or the last {@link #clear}, in order of arrival. */
  public List<LoggedRequest> all() {
    return List.copyOf(requests);
  }

  public List<LoggedRequest> requests(Predicate<LoggedRequest> which) {
    return requests.stream().filter(which).toList();
  }

  public List<LoggedRequest> requests(Where where) {
    return requests(r -> r.where() == where);
  }

  public long count(Predicate<LoggedRequest> which) {
    return requests.stream().filter(which).count();
  }

  /** Body bytes of the requests that fit. */
  public long bytesServed(Predicate<LoggedRequest> which) {
    return requests.stream().filter(which).mapToLong(LoggedRequest::bodyBytes).sum();
  }

  public long bytesServed(Host host) {
    return bytesServed(r -> r.host() == host);
  }

  /** Body bytes of all hosts, listings and error texts included. */
  public long bytesServed() {
    return bytesServed(r -> true);
  }

  /** Body bytes of 200 and 206 answers to requests for files: what crossed the wire for content. */
  public long fileBytesServed() {
    return bytesServed(r -> r.file() != null && (r.status() == 200 || r.status() == 206));
  }

  /**
   * Waits until something is true of this log, looking every 2 ms.
   *
   * @return false if it did not become true in time
   */
  public boolean await(Predicate<RequestLog> condition, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!condition.test(this)) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(2);
    }
    return true;
  }

  /** Waits until so many bytes of files were served, for example to kill a client in mid-run. */
  public boolean awaitFileBytes(long bytes, Duration atMost) throws InterruptedException {
    return await(log -> log.fileBytesServed() >= bytes, atMost);
  }

  /** Forgets requests and highest counts; open connections go on being counted. */
  public void clear() {
    requests.clear();
    for (var c : counts.values()) {
      c.mostOpen.set(c.open.get());
      c.mostActive.set(c.active.get());
      c.opened.set(0);
    }
  }

  public int openConnections(Host host) {
    return of(host).open.get();
  }

  /** Connections accepted since the start or the last {@link #clear}. */
  public int connectionsOpened(Host host) {
    return of(host).opened.get();
  }

  public int mostOpenConnections(Host host) {
    return of(host).mostOpen.get();
  }

  /** Most requests that were being answered at the same time. */
  public int mostActiveRequests(Host host) {
    return of(host).mostActive.get();
  }

  void connectionOpened(Host host) {
    of(host).opened.incrementAndGet();
    up(of(host).open, of(host).mostOpen);
  }

  void connectionClosed(Host host) {
    of(host).open.decrementAndGet();
  }

  void requestStarted(Host host) {
    up(of(host).active, of(host).mostActive);
  }

  void requestEnded(Host host) {
    of(host).active.decrementAndGet();
  }

  private static void up(AtomicInteger now, AtomicInteger most) {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
  }

  private Counts of(Host host) {
    return Objects.requireNonNull(counts.get(host));
  }
}
