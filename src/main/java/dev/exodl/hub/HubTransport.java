package dev.exodl.hub;

import dev.exodl.fetch.SourceException;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The one place where requests are made: token, proxy, trust, timeouts and the user agent are
 * decided here and nowhere else. Each call is one exchange; redirects are given back as they are.
 */
final class HubTransport {
  private final HubSettings settings;
  private final HubAddresses addresses;
  private final HubListener listener;
  private final ProxyLogin login;
  private final @Nullable SSLSocketFactory trusted;
  private @Nullable SSLSocketFactory tls;
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<String> warnedTopics = ConcurrentHashMap.newKeySet();

  HubTransport(HubSettings settings, HubListener listener) {
    HttpDefaults.apply();
    this.settings = settings;
    this.addresses = new HubAddresses(settings.endpoint());
    this.listener = listener;
    this.login = new ProxyLogin(settings.proxies());
    this.trusted = settings.caFile() == null ? null : TrustedRoots.from(settings.caFile());
  }

  HubAddresses addresses() {
    return addresses;
  }

  HubSettings settings() {
    return settings;
  }

  /** Exchanges begun since the start, redirects and failed ones included. */
  int requests() {
    return requests.get();
  }

  /**
   * Asks with GET and waits for the answer's headers. The token goes along when the address is at
   * home.
   *
   * @throws SourceException when no answer came
   */
  Reply get(URI address, Ask ask) throws SourceException {
    ProxyServer proxy = settings.proxies().proxyFor(address);
    requests.incrementAndGet();
    login.begin();
    long began = System.nanoTime();
    HttpURLConnection connection = null;
    try {
      connection = open(address, proxy);
      prepare(connection, address, ask);
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new IOException("Invalid Http response");
      }
      trace(address, ask, status, "", began);
      noteWarnings(connection, address);
      return new Reply(connection, address, status);
    } catch (IOException e) {
      if (connection != null) {
        connection.disconnect();
      }
      SourceException trouble = new NetworkTroubles(address, proxy, ask.patience()).of(e);
      trace(address, ask, 0, trouble.trouble().what(), began);
      throw trouble;
    }
  }

  private HttpURLConnection open(URI address, @Nullable ProxyServer proxy) throws IOException {
    Proxy way = proxy == null ? Proxy.NO_PROXY : proxy.proxy();
    URLConnection opened = address.toURL().openConnection(way);
    if (opened instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(tls());
    }
    return (HttpURLConnection) opened;
  }

  /**
   * One for all connections, since the JDK reuses a connection only for the same one; made when it
   * is needed, since the system's roots take time to load.
   */
  private synchronized SSLSocketFactory tls() {
    if (tls == null) {
      SSLSocketFactory roots =
          trusted == null ? HttpsURLConnection.getDefaultSSLSocketFactory() : trusted;
      tls = new ReadAheadTls(roots);
    }
    return tls;
  }

  private void prepare(HttpURLConnection connection, URI address, Ask ask) throws IOException {
    connection.setRequestMethod("GET");
    connection.setInstanceFollowRedirects(false);
    connection.setAuthenticator(login);
    connection.setConnectTimeout(Math.toIntExact(settings.metadataTimeout().toMillis()));
    connection.setReadTimeout(Math.toIntExact(ask.patience().toMillis()));
    connection.setRequestProperty("User-Agent", settings.userAgent());
    connection.setRequestProperty("Accept", ask.accept());
    connection.setRequestProperty("Accept-Encoding", ask.encoding());
    if (ask.rangeHeader() != null) {
      connection.setRequestProperty("Range", ask.rangeHeader());
    }
    if (addresses.isHome(address)) {
      connection.setRequestProperty("X-Amzn-Trace-Id", UUID.randomUUID().toString());
      Token token = settings.token();
      if (token != null) {
        connection.setRequestProperty("Authorization", "Bearer " + token.secret());
      }
    }
  }

  private void noteWarnings(HttpURLConnection connection, URI address) {
    if (connection.getHeaderField("X-HF-Warning") == null || !addresses.isHome(address)) {
      return;
    }
    for (String warning : new Headers(connection.getHeaderFields()).all("X-HF-Warning")) {
      int semicolon = warning.indexOf(';');
      String topic = semicolon < 0 ? "" : warning.substring(0, semicolon).strip();
      String text = warning.substring(semicolon + 1).strip();
      // A hub that invents topics without end must not fill the memory.
      if (!text.isEmpty() && warnedTopics.size() < 100 && warnedTopics.add(topic)) {
        listener.warned(Printable.of(text));
      }
    }
  }

  private void trace(URI address, Ask ask, int status, String trouble, long began) {
    String range = ask.rangeHeader();
    String note = trouble.isEmpty() ? (range == null ? "" : range) : trouble;
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    listener.exchanged(new RequestTrace("GET", HubAddresses.shown(address), status, note, took));
  }

  /**
   * The address that a {@code Location} or {@code Link} names, relative to where it was said.
   * Characters that an address must not have are quoted: signed addresses are not always clean.
   *
   * @return null when it is not an http or https address
   */
  static @Nullable URI resolve(URI base, String reference) {
    StringBuilder clean = new StringBuilder();
    for (char c : reference.strip().toCharArray()) {
      if (c <= ' ' || c >= 127 || "\"<>\\^`{|}".indexOf(c) >= 0) {
        // The JDK gives a header's bytes one by one as characters.
        clean.append(String.format("%%%02X", c & 0xff));
      } else {
        clean.append(c);
      }
    }
    try {
      URI uri = base.resolve(new URI(clean.toString()));
      boolean http =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      return http && uri.getHost() != null && uri.getRawUserInfo() == null ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
