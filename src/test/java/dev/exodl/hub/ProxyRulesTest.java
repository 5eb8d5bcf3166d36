package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {
  private static String proxy(Map<String, String> env, String address) {
    return String.valueOf(ProxyRules.from(env).proxyFor(URI.create(address)));
  }

  @Test
  void takesTheProxyOfTheScheme() {
    Map<String, String> env = Map.of("HTTP_PROXY", "a:1", "https_proxy", "http://b:2");
    assertEquals("http://a:1", proxy(env, "http://x/"));
    assertEquals("http://b:2", proxy(env, "https://x/"));
    assertEquals("null", proxy(Map.of("HTTP_PROXY", "a:1"), "https://x/"));
    assertEquals("null", proxy(Map.of(), "https://x/"));
  }

  @Test
  void prefersLowerCaseAndTheSchemesOwn() {
    Map<String, String> env =
        Map.of("https_proxy", "low:1", "HTTPS_PROXY", "up:2", "ALL_PROXY", "all:3");
    assertEquals("http://low:1", proxy(env, "https://x/"));
    assertEquals("http://all:3", proxy(env, "http://x/"));
  }

  @Test
  void anEmptyOneInLowerCaseMeansNone() {
    assertEquals("null", proxy(Map.of("https_proxy", "", "HTTPS_PROXY", "up:2"), "https://x/"));
    assertEquals(
        "http://all:3", proxy(Map.of("HTTPS_PROXY", "", "all_proxy", "all:3"), "https://x/"));
  }

  @Test
  void readsUserPasswordAndDefaultPorts() {
    ProxyServer http = ProxyServer.parse("HTTP_PROXY", "http://me:p%40ss+1@proxy");
    assertEquals("me", http.user());
    assertEquals("p@ss+1", http.password());
    assertEquals(80, http.port());
    assertEquals("http://***@proxy:80", http.toString());
    assertEquals(1080, ProxyServer.parse("ALL_PROXY", "socks5h://[::1]").port());
    assertEquals(ProxyServer.Kind.SOCKS, ProxyServer.parse("ALL_PROXY", "SOCKS5://h:1").kind());
  }

  @ParameterizedTest
  @CsvSource({"https://p:1", "ftp://p:1", "http://", "::::", "http://u:geheim@"})
  void refusesWhatCannotBeUsedWithoutShowingIt(String value) {
    Failure failure =
        assertThrows(FailureException.class, () -> ProxyServer.parse("ALL_PROXY", value)).failure();
    assertInstanceOf(Failure.Usage.class, failure);
    assertEquals("the environment variable ALL_PROXY", failure.where());
    assertFalse(failure.what().contains("geheim"));
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, http://example.com/, true",
    "example.com, http://a.example.com/, true",
    "example.com, http://badexample.com/, false",
    ".example.com, http://a.example.com/, true",
    ".example.com, http://example.com/, true",
    "*.example.com, http://a.b.example.com/, true",
    "EXAMPLE.com, http://Example.COM./, true",
    "example.com:8080, http://example.com:8080/, true",
    "example.com:8080, http://example.com/, false",
    "example.com:443, https://example.com/, true",
    "'a, b c', http://c/, true",
    "'a,,b', http://x/, false",
    "*, http://anything/, true",
    "10.0.0.0/8, http://10.200.1.1/, true",
    "10.0.0.0/8, http://11.0.0.1/, false",
    "192.168.1.0/25, http://192.168.1.127/, true",
    "192.168.1.0/25, http://192.168.1.128/, false",
    "10.0.0.0/8, http://10.example.com/, false",
    "127.0.0.1, http://127.0.0.1:99/, true",
    "7.0.0.1, http://127.7.0.0.1.example/, false",
    "0.0.1, http://127.0.0.1/, false",
    "::1, http://[::1]:8080/, true",
    "[::1]:8080, http://[::1]:8080/, true",
    "[::1]:8081, http://[::1]:8080/, false",
    "fd00::/8, http://[fd12::1]/, true",
    "10.0.0.0/99, http://10.0.0.1/, false",
    "'', http://localhost/, false",
  })
  void knowsWhichHostsGoWithoutAProxy(String list, String address, boolean without) {
    assertEquals(without, NoProxy.parse(list).covers(URI.create(address)), list);
    Map<String, String> env = Map.of("ALL_PROXY", "p:1", "NO_PROXY", list);
    assertEquals(without ? "null" : "http://p:1", proxy(env, address));
  }
}
