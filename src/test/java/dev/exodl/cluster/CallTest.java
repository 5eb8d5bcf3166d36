package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallTest {
  private static final InetAddress HOST = InetAddress.ofLiteral("192.0.2.1");
  private static final long SECOND = 1_000_000_000L;

  private static Optional<Call.Heard> read(Call by, byte[] bytes) {
    return by.read(bytes, bytes.length, HOST);
  }

  private static ClusterKey key(Path file) {
    ClusterKey.generate(file);
    return ClusterKey.load(file);
  }

  @Test
  void aCallTellsAPortAndNothingElse() {
    Call call = new Call("name", null);
    for (int port : new int[] {1, 7820, 65_535}) {
      assertEquals(Optional.of(new Call.Heard.Ours(port)), read(call, call.of(HOST, port)));
    }
  }

  @Test
  void callsOfOtherClustersAreNotOurs() {
    assertEquals(
        Optional.of(new Call.Heard.Others()),
        read(new Call("name", null), new Call("nam", null).of(HOST, 1)));
  }

  @Test
  void onlyWhoHasTheKeyCanCallAndOnlyFromItsOwnAddress(@TempDir Path folder) {
    ClusterKey key = key(folder.resolve("one"));
    Call ours = new Call("name", key);
    Call others = new Call("name", key(folder.resolve("two")));
    Call keyless = new Call("name", null);
    byte[] called = ours.of(HOST, 7820);
    assertEquals(Optional.of(new Call.Heard.Ours(7820)), read(ours, called));
    Optional<Call.Heard> refused = Optional.of(new Call.Heard.WithoutOurKey());
    assertEquals(refused, read(others, called));
    assertEquals(refused, read(keyless, called));
    assertEquals(refused, read(ours, keyless.of(HOST, 7820)));
    assertEquals(refused, ours.read(called, called.length, InetAddress.ofLiteral("192.0.2.2")));
    byte[] elsewhere = called.clone();
    elsewhere[5]++;
    assertEquals(refused, read(ours, elsewhere), "the same call with another port");
    assertNotEquals(
        Arrays.toString(called), Arrays.toString(new Call("name", null).of(HOST, 7820)));
  }

  @Test
  void whatIsNoCallIsNone() {
    Call call = new Call("name", null);
    byte[] good = call.of(HOST, 7820);
    for (int length = 0; length < good.length + 3; length++) {
      assertEquals(length == good.length, read(call, Arrays.copyOf(good, length)).isPresent());
    }
    byte[] later = good.clone();
    later[3]++;
    assertEquals(Optional.empty(), read(call, later), "another version");
    assertEquals(Optional.empty(), read(call, call.of(HOST, 0)), "no port");
    Random random = new Random(1);
    byte[] rubbish = new byte[Call.LENGTH];
    for (int i = 0; i < 1000; i++) {
      random.nextBytes(rubbish);
      assertEquals(Optional.empty(), read(call, rubbish));
    }
  }

  private static InetSocketAddress node(int host, int port) {
    byte[] address = ByteBuffer.allocate(4).putInt((10 << 24) + host).array();
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void allNodesOfAHostMayCallAtOnceAndAgainAndAgain() {
    CallLimit limit = new CallLimit();
    for (int tenth = 0; tenth < 100; tenth++) {
      for (int port = 0; port < Ports.ON_ONE_HOST; port++) {
        // As a start does, four times; then once a second.
        if (tenth < 4 || tenth % 10 == 0) {
          assertTrue(limit.begin(node(1, port), tenth * SECOND / 10), tenth + " " + port);
        }
      }
      for (int port = 0; port < Ports.ON_ONE_HOST; port++) {
        limit.end(node(1, port));
      }
    }
  }

  @Test
  void nobodyIsAskedTwiceAtOnce() {
    CallLimit limit = new CallLimit();
    assertTrue(limit.begin(node(1, 1), 0));
    assertFalse(limit.begin(node(1, 1), SECOND));
    limit.end(node(1, 1));
    assertTrue(limit.begin(node(1, 1), SECOND));
  }

  @Test
  void aFloodFromOneHostOrFromAnyNumberIsBounded() {
    CallLimit limit = new CallLimit();
    int asked = 0;
    for (int port = 1; port < 60_000; port++) {
      asked += limit.begin(node(1, port), 0) ? 1 : 0;
    }
    assertEquals(CallLimit.ASKED_OF_A_HOST, asked, "that one host does not answer");
    assertTrue(limit.begin(node(2, 1), 0), "others are still asked");
    asked++;
    for (int host = 3; host < 60_000; host++) {
      asked += limit.begin(node(host, 1), 0) ? 1 : 0;
    }
    assertEquals(CallLimit.ASKED, asked, "nobody answers");
    assertTrue(limit.remembered() <= 1024, limit.remembered() + " hosts");

    CallLimit answered = new CallLimit();
    int asks = 0;
    for (int i = 0; i < 60_000; i++) {
      if (answered.begin(node(i, 1), SECOND * i / 6000)) {
        asks++;
        answered.end(node(i, 1));
      }
    }
    assertTrue(asks > 5000 && asks < 6200, asks + " in ten seconds");
  }
}
