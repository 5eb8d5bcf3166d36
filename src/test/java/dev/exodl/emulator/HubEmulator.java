package dev.exodl.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Hugging Face hub on loopback, for tests. Repos, tokens, settings and faults may be changed
 * while it is running.
 *
 * <pre>{@code
 * try (var hub = HubEmulator.start()) {
 *   var repo = hub.model("org/tiny");
 *   repo.git("config.json", "{}").lfs("model.safetensors", RepoContent.random(1, 64 << 20)).commit("first");
 *   hub.faults().on(Where.CDN).path("model.safetensors").nth(1).then(new Fault.CutAfter(1 << 20));
 *   // … run a client against hub.url() …
 *   assertEquals(0, hub.log().count(r -> r.host() == Host.CDN && r.authorization() != null));
 * }
 * }</pre>
 */
public final class HubEmulator implements AutoCloseable {

  private final Map<String, HubRepo> repos = new ConcurrentHashMap<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final HubSettings settings = new HubSettings();
  private final RequestLog log = new RequestLog();
  private final Faults faults = new Faults();
  private final Origins origins = new Origins();
  private final Map<Host, Listener> listeners = new EnumMap<>(Host.class);
  private final @Nullable TestCertificate certificate;

  private HubEmulator(EmulatorOptions options) throws IOException {
    certificate = options.https() ? TestCertificate.shared() : null;
    var responder =
        new Responder(
            settings, log, faults, origins, repos, tokens, this::listener, options.basePath());
    for (var host : Host.values()) {
      var listener = new Listener(host, options, certificate, settings, log, responder);
      listeners.put(host, listener);
      origins.set(host, listener.url() + (host == Host.HUB ? options.basePath() : ""));
    }
  }

  /** Plain HTTP on free ports. */
  public static HubEmulator start() {
    return start(EmulatorOptions.plain());
  }

  public static HubEmulator start(EmulatorOptions options) {
    try {
      return new HubEmulator(options);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the hub emulator", e);
    }
  }

  /** Base URL of the hub (for HF_ENDPOINT), without a slash at the end. */
  public String url() {
    return origins.hub();
  }

  public String url(Host host) {
    return origins.of(host);
  }

  /** The certificate if it speaks HTTPS, else null. */
  public @Nullable TestCertificate certificate() {
    return certificate;
  }

  /** The model repo of that id; made at its first mention. */
  public HubRepo model(String id) {
    return repo("models", id);
  }

  public HubRepo dataset(String id) {
    return repo("datasets", id);
  }

  public HubRepo space(String id) {
    return repo("spaces", id);
  }

  /**
   * @param type {@code models}, {@code datasets}, {@code spaces} or {@code kernels}
   */
  public HubRepo repo(String type, String id) {
    return repos.computeIfAbsent(type + "/" + id, key -> new HubRepo(type, id));
  }

  /** Makes a token known to the hub; {@link HubRepo#allow} lets it into private and gated repos. */
  public HubEmulator token(String token, String user) {
    tokens.put(token, user);
    return this;
  }

  public HubSettings settings() {
    return settings;
  }

  public Faults faults() {
    return faults;
  }

  public RequestLog log() {
    return log;
  }

  /** Refuses new connections to a host and resets the open ones, as if the machine went away. */
  public void goAway(Host host) {
    listener(host).refuse();
    listener(host).dropConnections();
  }

  /** Listens again, on the same port. */
  public void comeBack(Host host) {
    listener(host).listen();
  }

  /** Refuses new connections for a while; open ones go on. */
  public void refuseConnections(Host host, Duration duration) {
    listener(host).refuseFor(duration);
  }

  /** Resets all open connections of a host. */
  public void dropConnections(Host host) {
    listener(host).dropConnections();
  }

  private Listener listener(Host host) {
    return Objects.requireNonNull(listeners.get(host));
  }

  @Override
  public void close() {
    listeners.values().forEach(Listener::close);
  }
}
