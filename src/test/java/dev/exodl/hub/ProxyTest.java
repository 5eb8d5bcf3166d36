package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.EmulatorOptions;
import dev.exodl.emulator.ForwardProxy;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.RepoContent;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import dev.exodl.model.RepoFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProxyTest {
  private final ForwardProxy proxy = ForwardProxy.start();

  @AfterEach
  void stop() {
    proxy.close();
  }

  private static HubEmulator emulator(EmulatorOptions options) {
    HubEmulator emulator = HubEmulator.start(options);
    HubFixture.repo(emulator)
        .git("config.json", "{}")
        .lfs("model.safetensors", RepoContent.random(3, 100_000))
        .commit("first");
    return emulator;
  }

  private static HubFixture through(HubEmulator emulator, String url) {
    return new HubFixture(
        emulator,
        s ->
            s.withProxies(ProxyRules.from(Map.of("ALL_PROXY", url)))
                .withToken(Token.in("hf_secret"))
                .withCaFile(
                    emulator.certificate() == null
                        ? null
                        : Objects.requireNonNull(emulator.certificate()).pem()));
  }

  private String with(String login) {
    return proxy.url().replace("http://", "http://" + login + "@");
  }

  private static void readAll(HubFixture hub) throws SourceException {
    for (String path : new String[] {"config.json", "model.safetensors"}) {
      RepoFile file = hub.file(path);
      assertEquals(file.size(), HubFixture.read(hub.open(file, 0, file.size())).length);
    }
  }

  @Test
  void asksAPlainHubThroughTheProxy() throws SourceException {
    try (HubEmulator emulator = emulator(EmulatorOptions.plain())) {
      emulator.token("hf_secret", "me");
      readAll(through(emulator, proxy.url()));
      assertTrue(proxy.seen().stream().allMatch(s -> s.target().startsWith("http://127.0.0.1:")));
    }
  }

  @Test
  void tunnelsToAHubWithTlsAndShowsTheProxyNothing() throws SourceException {
    try (HubEmulator emulator = emulator(EmulatorOptions.tls())) {
      emulator.token("hf_secret", "me");
      proxy.require("user", "pa:ss");
      readAll(through(emulator, with("user:pa:ss")));
      assertTrue(proxy.seen().stream().allMatch(s -> s.method().equals("CONNECT")));
      assertFalse(proxy.seen().toString().contains("hf_secret"));
      assertEquals(0, emulator.log().count(r -> r.header("Proxy-Authorization") != null));
    }
  }

  @Test
  void logsInAtTheProxyOfAPlainHub() throws SourceException {
    try (HubEmulator emulator = emulator(EmulatorOptions.plain())) {
      emulator.token("hf_secret", "me");
      proxy.require("user", "word");
      readAll(through(emulator, with("user:word")));
      assertEquals(0, emulator.log().count(r -> r.header("Proxy-Authorization") != null));
    }
  }

  @Test
  void tellsAWrongProxyPasswordAfterOneTry() {
    try (HubEmulator plain = emulator(EmulatorOptions.plain());
        HubEmulator tls = emulator(EmulatorOptions.tls())) {
      proxy.require("user", "word");
      for (HubEmulator emulator : new HubEmulator[] {plain, tls}) {
        int before = proxy.seen().size();
        HubFixture hub = through(emulator, with("user:geheim"));
        Failure.Network failure = HubFixture.failure(Failure.Network.class, hub::main);
        assertTrue(failure.what().contains("proxy"), failure.what());
        assertFalse(failure.toString().contains("geheim"), failure.what());
        assertTrue(proxy.seen().size() - before <= 2, proxy.seen().toString());
      }
    }
  }

  @Test
  void tellsAProxyThatWantsALogin() {
    try (HubEmulator tls = emulator(EmulatorOptions.tls())) {
      proxy.require("user", "word");
      Failure.Network failure =
          HubFixture.failure(Failure.Network.class, () -> through(tls, proxy.url()).main());
      assertTrue(failure.what().contains("wants a user and password"), failure.what());
      assertTrue(failure.next().contains("HTTPS_PROXY"), failure.next());
    }
  }

  @Test
  void tellsAProxyThatForbidsOrFails() {
    try (HubEmulator tls = emulator(EmulatorOptions.tls())) {
      proxy.failWith(403);
      Failure.Network failure =
          HubFixture.failure(Failure.Network.class, () -> through(tls, proxy.url()).main());
      assertTrue(failure.what().contains("does not allow it"), failure.what());
      proxy.failWith(502);
      Trouble.Broken broken =
          HubFixture.trouble(Trouble.Broken.class, () -> through(tls, proxy.url()).main());
      assertTrue(broken.what().contains("made no tunnel"), broken.what());
    }
  }

  @Test
  void tellsAProxyThatIsNotThereOrHasNoAddress() throws IOException {
    try (HubEmulator plain = emulator(EmulatorOptions.plain())) {
      // Not a proxy that was closed: while a thread waits in accept, the JDK closes late.
      String url;
      try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        url = "http://127.0.0.1:" + nobody.getLocalPort();
      }
      Trouble.Broken refused =
          HubFixture.trouble(Trouble.Broken.class, () -> through(plain, url).main());
      assertEquals("the proxy " + url + " refused the connection", refused.what());
      Trouble.Broken unknown =
          HubFixture.trouble(
              Trouble.Broken.class, () -> through(plain, "http://nowhere.invalid:1").main());
      assertTrue(
          unknown.what().startsWith("no address found for the name of the proxy"), unknown.what());
    }
  }

  @Test
  void speaksSocks() throws Exception {
    try (HubEmulator tls = emulator(EmulatorOptions.tls());
        SocksProxy socks = new SocksProxy("user", "word")) {
      tls.token("hf_secret", "me");
      readAll(through(tls, "socks5://user:word@127.0.0.1:" + socks.port()));
      assertTrue(socks.connections() > 0);
      HubFixture wrong = through(tls, "socks5://user:geheim@127.0.0.1:" + socks.port());
      Failure.Network failure = HubFixture.failure(Failure.Network.class, wrong::main);
      assertTrue(failure.what().contains("did not accept the user and password"), failure.what());
      assertNotNull(failure.next());
    }
  }
}
