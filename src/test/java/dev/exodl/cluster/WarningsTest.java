package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.cluster.Warnings.Said;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WarningsTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final String PLAIN_TEXT =
      "jgroups TCP: failed accepting connection from peer SSLSocket[hostname=10.0.0.9, port=41,"
          + " Session(1|SSL_NULL_WITH_NULL_NULL)]: javax.net.ssl.SSLException: no";
  private static final String COOKIE =
      "jgroups TCP: BaseServer.TcpConnection.readPeerAddress(): cookie sent by /10.0.0.9:41234"
          + " does not match own cookie; terminating connection";

  private final Warnings keyed = new Warnings(true);
  private final Warnings keyless = new Warnings(false);

  private static Optional<Said> warning(String text) {
    return Optional.of(new Said(text, true));
  }

  private static Optional<Said> detail(String text) {
    return Optional.of(new Said(text, false));
  }

  @Test
  void thatTheKeysDifferIsAWarningOnBothSides() {
    assertEquals(
        warning("refused a node at 10.0.0.9: it does not have this cluster's key"),
        keyed.logged(PLAIN_TEXT, 0));
    assertEquals(
        warning(
            "refused a node at 10.0.0.9: it has a cluster key, this one has none (--cluster-key)"),
        keyless.logged(COOKIE, 0));
  }

  @Test
  void whatElseJGroupsLogsIsADetailOrNothing() {
    assertEquals(detail("jgroups TCP: odd"), keyed.logged("jgroups TCP: odd", 0));
    assertEquals(Optional.empty(), keyed.logged("jgroups TCP: JOIN(a) sent to b timed out", 0));
  }

  @Test
  void detailsAreToldOnceAMinuteAndWarningsOnceInTen() {
    assertEquals(detail("odd"), keyed.logged("odd", 0));
    assertEquals(warning("bad"), keyed.warn("bad", 0));
    assertEquals(Optional.empty(), keyed.logged("odd", MINUTE - 1));
    assertEquals(detail("odd"), keyed.logged("odd", MINUTE));
    assertEquals(Optional.empty(), keyed.warn("bad", 10 * MINUTE - 1));
    assertEquals(warning("bad"), keyed.warn("bad", 10 * MINUTE));
  }

  @Test
  void whoConnectsFromManyAddressesDoesNotFloodTheUser() {
    for (int i = 0; i < Warnings.WARNED_MOST; i++) {
      assertEquals(warning("bad " + i), keyed.warn("bad " + i, i));
    }
    assertEquals(detail("bad x"), keyed.warn("bad x", MINUTE));
    assertEquals(warning("bad y"), keyed.warn("bad y", 10 * MINUTE));
  }
}
