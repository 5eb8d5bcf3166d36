package dev.exodl.hub;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells apart what can go wrong below HTTP on the way to one address. */
final class NetworkTroubles {
  private final URI address;
  private final @Nullable ProxyServer proxy;
  private final Duration patience;

  /**
   * For one exchange.
   *
   * @param proxy what the request went through
   * @param patience its read timeout
   */
  NetworkTroubles(URI address, @Nullable ProxyServer proxy, Duration patience) {
    this.address = address;
    this.proxy = proxy;
    this.patience = patience;
  }

  /** The trouble that stands behind an exception of the JDK. */
  SourceException of(IOException e) {
    return new SourceException(trouble(e), e);
  }

  private Trouble trouble(IOException e) {
    String text = String.valueOf(e.getMessage());
    if (e instanceof UnknownHostException) {
      return new Trouble.Broken(
          "no address found for the name of "
              + hop()
              + " (is there a network, is the name right?)");
    }
    if (e instanceof SocketTimeoutException) {
      boolean connecting = text.toLowerCase(Locale.ROOT).contains("connect");
      return new Trouble.Broken(
          (connecting ? "no connection to " + hop() : "no data from " + target())
              + " for "
              + seconds(patience));
    }
    if (e instanceof InterruptedIOException || text.equals("Closed by interrupt")) {
      return new Trouble.Broken("interrupted while waiting for " + target());
    }
    if (e instanceof SSLException tls) {
      return tls(tls, text);
    }
    if (text.contains("Unable to tunnel through proxy")) {
      return tunnel(text);
    }
    if (text.contains("SOCKS") && !(e instanceof ConnectException)) {
      return socks(text);
    }
    if (e instanceof ConnectException) {
      return new Trouble.Broken(hop() + " refused the connection");
    }
    if (e instanceof NoRouteToHostException) {
      return new Trouble.Broken("there is no way to " + hop() + " (no route)");
    }
    if (text.contains("Invalid Http response")) {
      return new Trouble.Broken(target() + " answered something that is not HTTP");
    }
    return new Trouble.Broken("the connection to " + target() + " broke: " + Printable.of(text));
  }

  private Trouble tls(SSLException e, String text) {
    if (text.contains("Unsupported or unrecognized SSL message")) {
      return refused(
          "it does not speak TLS at this port",
          "give the address with http:// if the server has no TLS, or the right port");
    }
    String chain = messages(e);
    if (chain.contains("\nNo name matching") || chain.contains("\nNo subject alternative")) {
      return refused(
          "its certificate is for another name", "check the address, and what is in between");
    }
    // Before PKIX: an expired certificate fails inside of a path validation, which names itself so.
    if (chain.contains("validity check failed")
        || chain.contains("NotAfter")
        || chain.contains("NotBefore")) {
      return refused(
          "its certificate is not valid at this time", "check this machine's clock with 'date'");
    }
    if (chain.contains("PKIX") || chain.contains("trustAnchors")) {
      return refused(
          "its certificate is not signed by anyone trusted here",
          "if a proxy or mirror has a CA of its own, give its PEM file by EXO_DL_CA_FILE or"
              + " SSL_CERT_FILE");
    }
    return new Trouble.Broken("TLS with " + target() + " broke: " + Printable.of(text));
  }

  /** The messages of an exception and its causes, each after a line end. */
  private static String messages(Throwable e) {
    StringBuilder all = new StringBuilder();
    int depth = 0;
    for (Throwable t = e; t != null && depth < 10; t = t.getCause()) {
      all.append('\n').append(t.getMessage());
      depth++;
    }
    return all.toString();
  }

  private Trouble tunnel(String text) {
    if (text.contains(" 407")) {
      return refused(
          proxy != null && proxy.user() != null
              ? "the proxy " + proxy + " did not accept the user and password"
              : "the proxy " + proxy + " wants a user and password",
          "give them as HTTPS_PROXY=http://user:password@host:port");
    }
    if (text.contains(" 403") || text.contains(" 405")) {
      return refused(
          "the proxy " + proxy + " does not allow it",
          "ask who runs the proxy, or name the host in NO_PROXY if it can be reached directly");
    }
    return new Trouble.Broken(
        "the proxy " + proxy + " made no tunnel to " + target() + ": " + answer(text));
  }

  private static String answer(String text) {
    int quote = text.indexOf('"');
    return quote < 0 ? "no answer" : Printable.of(text.substring(quote));
  }

  private Trouble socks(String text) {
    if (text.contains("authentication") || text.contains("No acceptable methods")) {
      return refused(
          "the proxy " + proxy + " did not accept the user and password",
          "give them as ALL_PROXY=socks5://user:password@host:port");
    }
    return new Trouble.Broken(
        "the proxy " + proxy + " made no connection to " + target() + ": " + Printable.of(text));
  }

  private Trouble refused(String why, String next) {
    return new Trouble.Refused(
        new Failure.Network(
            "cannot talk to " + target() + ": " + why, HubAddresses.shown(address), next));
  }

  private String target() {
    return address.getAuthority();
  }

  /** Who is connected to first: the proxy, if there is one. */
  private String hop() {
    return proxy == null ? target() : "the proxy " + proxy;
  }

  static String seconds(Duration time) {
    long millis = time.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
