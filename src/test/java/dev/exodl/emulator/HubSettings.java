package dev.exodl.emulator;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** How the hub behaves in general; everything may be changed while it is running. */
public final class HubSettings {

  private final RateCap totalCap = new RateCap(0);
  private final Quota apiQuota = new Quota("api", 1_000_000, Duration.ofSeconds(300));
  private final Quota resolverQuota = new Quota("resolvers", 1_000_000, Duration.ofSeconds(300));
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private volatile long perConnectionRate;
  private volatile Duration latency = Duration.ZERO;
  private volatile Duration urlValidity = Duration.ofHours(1);
  private volatile Duration idleTimeout = Duration.ofSeconds(60);
  private volatile int pageSize = 1000;
  private volatile int expandedPageSize = 50;
  private volatile boolean gzip = true;
  private volatile int maxConnections = Integer.MAX_VALUE;

  HubSettings() {}

  /** Cap on each answer's body, bytes per second; 0 is none. */
  public HubSettings perConnectionRate(long bytesPerSecond) {
    perConnectionRate = bytesPerSecond;
    return this;
  }

  /** Cap on all bodies together, bytes per second; 0 is none. */
  public HubSettings totalRate(long bytesPerSecond) {
    totalCap.set(bytesPerSecond);
    return this;
  }

  /** Time that every answer is held back, as a long wire would. */
  public HubSettings latency(Duration perRequest) {
    latency = perRequest;
    return this;
  }

  /** How long signed URLs issued from now on are valid; 1 hour at first. */
  public HubSettings urlValidity(Duration validity) {
    urlValidity = validity;
    return this;
  }

  /** After this time without a request a connection is closed by the server. */
  public HubSettings idleTimeout(Duration timeout) {
    idleTimeout = timeout;
    return this;
  }

  /**
   * Largest number of rows in a tree page (1,000 on the hub), plain and with expand=true (50 on the
   * hub).
   */
  public HubSettings pageSize(int plain, int expanded) {
    pageSize = plain;
    expandedPageSize = expanded;
    return this;
  }

  /**
   * Whether text is compressed for requests that accept gzip (chunked, Range ignored); on at first.
   */
  public HubSettings gzip(boolean on) {
    gzip = on;
    return this;
  }

  /** Requests to {@code /api} per window before 429. Starts a new window. */
  public HubSettings apiQuota(int requests, Duration window) {
    apiQuota.set(requests, window);
    return this;
  }

  /** Requests to {@code /resolve/} and resolve-cache per window before 429. Starts a new window. */
  public HubSettings resolverQuota(int requests, Duration window) {
    resolverQuota.set(requests, window);
    return this;
  }

  /** Adds an {@code X-HF-Warning: topic; message} header to every answer of the hub. */
  public HubSettings warning(String topic, String message) {
    warnings.add(topic + "; " + message);
    return this;
  }

  /** Connections to one host above this number are closed at once. */
  public HubSettings maxConnections(int perHost) {
    maxConnections = perHost;
    return this;
  }

  RateCap totalCap() {
    return totalCap;
  }

  long perConnectionRate() {
    return perConnectionRate;
  }

  Duration latency() {
    return latency;
  }

  Duration urlValidity() {
    return urlValidity;
  }

  Duration idleTimeout() {
    return idleTimeout;
  }

  int pageSize(boolean expanded) {
    return expanded ? expandedPageSize : pageSize;
  }

  boolean gzip() {
    return gzip;
  }

  int maxConnections() {
    return maxConnections;
  }

  List<String> warnings() {
    return warnings;
  }

  Quota quota(Where where) {
    return where == Where.RESOLVE || where == Where.RESOLVE_CACHE ? resolverQuota : apiQuota;
  }
}
