package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** The JDK's exceptions, with the texts that JDK 25 gives them. */
class NetworkTroublesTest {
  private static final URI HUB = URI.create("https://hub.example/api/models/x?secret=1");

  private static Trouble direct(IOException e) {
    return new NetworkTroubles(HUB, null, Duration.ofSeconds(10)).of(e).trouble();
  }

  private static Trouble proxied(IOException e) {
    ProxyServer proxy = ProxyServer.parse("HTTPS_PROXY", "me:geheim@proxy:3128");
    return new NetworkTroubles(HUB, proxy, Duration.ofSeconds(10)).of(e).trouble();
  }

  private static void broken(String what, Trouble trouble) {
    assertEquals(what, assertInstanceOf(Trouble.Broken.class, trouble).what());
  }

  private static void refused(String what, String next, Trouble trouble) {
    Failure failure = assertInstanceOf(Trouble.Refused.class, trouble).failure();
    assertInstanceOf(Failure.Network.class, failure);
    assertEquals(what, failure.what());
    assertEquals("https://hub.example/api/models/x", failure.where());
    assertTrue(failure.next().contains(next), failure.next());
  }

  private static SSLException handshake(Exception cause) {
    SSLHandshakeException e =
        new SSLHandshakeException("(certificate_unknown) " + cause.getMessage());
    e.initCause(cause);
    return e;
  }

  @Test
  void namesWhatIsWorthARetry() {
    broken(
        "no address found for the name of hub.example (is there a network, is the name right?)",
        direct(new UnknownHostException("hub.example")));
    broken(
        "hub.example refused the connection", direct(new ConnectException("Connection refused")));
    broken(
        "there is no way to hub.example (no route)",
        direct(new NoRouteToHostException("No route to host")));
    broken(
        "no connection to hub.example for 10 s",
        direct(new SocketTimeoutException("Connect timed out")));
    broken(
        "no data from hub.example for 10 s", direct(new SocketTimeoutException("Read timed out")));
    broken(
        "the connection to hub.example broke: Connection reset",
        direct(new SocketException("Connection reset")));
    broken(
        "interrupted while waiting for hub.example",
        direct(new SocketException("Closed by interrupt")));
    broken(
        "TLS with hub.example broke: Remote host terminated the handshake",
        direct(new SSLHandshakeException("Remote host terminated the handshake")));
  }

  @Test
  void namesTheProxyWhereItIsTheOneThatFails() {
    broken(
        "the proxy http://***@proxy:3128 refused the connection",
        proxied(new ConnectException("Connection refused")));
    broken(
        "no connection to the proxy http://***@proxy:3128 for 10 s",
        proxied(new SocketTimeoutException("Connect timed out")));
    broken(
        "the proxy http://***@proxy:3128 made no tunnel to hub.example: \"HTTP/1.1 502 Bad Gateway\"",
        proxied(
            new IOException(
                "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 502 Bad Gateway\"")));
    refused(
        "cannot talk to hub.example: the proxy http://***@proxy:3128 did not accept the user and password",
        "HTTPS_PROXY",
        proxied(
            new IOException(
                "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 407 Auth\"")));
    refused(
        "cannot talk to hub.example: the proxy http://***@proxy:3128 does not allow it",
        "NO_PROXY",
        proxied(
            new IOException(
                "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 403 Forbidden\"")));
    refused(
        "cannot talk to hub.example: the proxy http://***@proxy:3128 did not accept the user and password",
        "socks5://",
        proxied(new SocketException("SOCKS : authentication failed")));
  }

  @Test
  void tellsCertificatesApart() {
    refused(
        "cannot talk to hub.example: its certificate is not signed by anyone trusted here",
        "EXO_DL_CA_FILE",
        direct(
            handshake(
                new CertificateException(
                    "PKIX path building failed: unable to find valid certification path to requested target"))));
    refused(
        "cannot talk to hub.example: its certificate is for another name",
        "address",
        direct(handshake(new CertificateException("No name matching hub.example found"))));
    refused(
        "cannot talk to hub.example: its certificate is for another name",
        "address",
        direct(
            handshake(
                new CertificateException(
                    "No subject alternative DNS name matching hub.example found."))));
    refused(
        "cannot talk to hub.example: its certificate is not valid at this time",
        "clock",
        direct(
            handshake(
                new CertificateException(
                    "PKIX path validation failed",
                    new CertPathValidatorException("validity check failed")))));
    refused(
        "cannot talk to hub.example: it does not speak TLS at this port",
        "http://",
        direct(new SSLException("Unsupported or unrecognized SSL message")));
  }
}
