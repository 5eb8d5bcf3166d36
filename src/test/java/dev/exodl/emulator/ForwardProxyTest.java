package dev.exodl.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.Test;

class ForwardProxyTest {

  private static HttpURLConnection open(ForwardProxy proxy, String url) throws Exception {
    int port = URI.create(proxy.url()).getPort();
    var via = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", port));
    return (HttpURLConnection) URI.create(url).toURL().openConnection(via);
  }

  @Test
  void plainRequestsAreForwarded() throws Exception {
    try (var hub = HubEmulator.start();
        var proxy = ForwardProxy.start()) {
      hub.model("org/m").git("a.json", "{}").commit("c");
      for (int i = 0; i < 3; i++) {
        var connection = open(proxy, hub.url() + "/org/m/raw/main/a.json?x=1");
        assertEquals("{}", new String(connection.getInputStream().readAllBytes()));
      }
      assertEquals(hub.url() + "/org/m/raw/main/a.json?x=1", proxy.seen().getFirst().target());
      assertFalse(hub.log().all().getFirst().headers().containsKey("proxy-connection"));
    }
  }

  @Test
  void tlsIsTunnelled() throws Exception {
    try (var hub = HubEmulator.start(EmulatorOptions.tls());
        var proxy = ForwardProxy.start()) {
      hub.model("org/m").git("a.json", "{}").commit("c");
      var connection = (HttpsURLConnection) open(proxy, hub.url() + "/org/m/raw/main/a.json");
      connection.setSSLSocketFactory(hub.certificate().clientContext().getSocketFactory());
      assertEquals("{}", new String(connection.getInputStream().readAllBytes()));
      assertEquals("CONNECT", proxy.seen().getFirst().method());
    }
  }

  @Test
  void credentialsCanBeAskedForAndTheProxyCanFail() throws Exception {
    try (var hub = HubEmulator.start();
        var proxy = ForwardProxy.start().require("me", "pass")) {
      assertEquals(407, open(proxy, hub.url() + "/api/whoami-v2").getResponseCode());
      var known = open(proxy, hub.url() + "/api/whoami-v2");
      known.setRequestProperty("Proxy-Authorization", "Basic bWU6cGFzcw==");
      assertEquals(401, known.getResponseCode());
      proxy.failWith(502);
      var failing = open(proxy, hub.url() + "/api/whoami-v2");
      failing.setRequestProperty("Proxy-Authorization", "Basic bWU6cGFzcw==");
      assertEquals(502, failing.getResponseCode());
      assertTrue(proxy.seen().getLast().head().startsWith("GET http://127.0.0.1:"));
    }
  }
}
