package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CannotCallTest {
  private final List<String> details = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private MulticastCalls calls(InetAddress from) {
    Bind bind = new Bind(from, 0, "of the test");
    Discovery.Multicast where = (Discovery.Multicast) Discovery.multicast(from);
    ClusterSettings settings = new ClusterSettings("cannot-call", bind, where, null);
    return new MulticastCalls(where, settings, details::add, warnings::add);
  }

  @Test
  void callsThatCannotBeSentAreAWarning() throws Exception {
    InetAddress from = TestNode.loopback().address();
    MulticastCalls calls = calls(from);
    calls.open(heard -> {});
    calls.close();
    calls.addresses(new InetSocketAddress(from, 7820));
    assertEquals(1, warnings.size());
    assertTrue(
        warnings
            .getFirst()
            .startsWith(
                "other nodes cannot be called at multicast 239.192.78.20:7820 from 127.0.0.1: "),
        warnings.getFirst());
    assertTrue(warnings.getFirst().contains("--peers"));
    assertEquals(List.of(), details);
  }

  /** Where this machine has an interface without multicast, such as one of WireGuard. */
  @Test
  void whoseInterfaceDoesNoMulticastIsToldAnotherWay() throws Exception {
    for (NetworkInterface i : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : i.inetAddresses().toList()) {
        if (i.supportsMulticast() || i.isLoopback()) {
          calls(address);
        } else {
          FailureException e = assertThrows(FailureException.class, () -> calls(address));
          assertEquals(ExitCode.CLUSTER, e.failure().exitCode());
          assertTrue(e.failure().next().contains("--peers"), e.failure().line());
        }
      }
    }
  }
}
