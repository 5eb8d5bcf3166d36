package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterSettingsTest {
  @Test
  void peersAreNamesOrAddressesWithOrWithoutPort() {
    assertEquals(
        new Discovery.Peers(
            List.of(
                new HostPort("a", 0),
                new HostPort("10.0.0.1", 7900),
                new HostPort("fd00::1", 0),
                new HostPort("fd00::1", 7900))),
        Discovery.peers("a, 10.0.0.1:7900,fd00::1,[fd00::1]:7900"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a:",
        "a:0",
        "a:65536",
        "a:x",
        "a b",
        "[fd00::1",
        "[fd00::1]x",
        "[a]:",
        ":1",
        "a/b"
      })
  void whatIsNoPeerIsRefused(String text) {
    FailureException e = assertThrows(FailureException.class, () -> Discovery.peers("ok," + text));
    assertInstanceOf(Failure.Usage.class, e.failure());
    assertEquals("--peers", e.failure().where());
  }

  @Test
  void discoveryHasFourForms() throws Exception {
    assertEquals(Discovery.multicast(), Discovery.parse("multicast"));
    assertEquals(
        new Discovery.Multicast(InetAddress.getByName("239.1.2.3"), 7000),
        Discovery.parse("multicast:239.1.2.3:7000"));
    assertEquals(new Discovery.Dns(new HostPort("a.b", 0)), Discovery.parse("dns:a.b"));
    assertEquals(new Discovery.Folder(Path.of("/x:y")), Discovery.parse("file:/x:y"));
    for (String bad : List.of("", "smoke", "file:", "dns:", "multicast:10.0.0.1", "multicast:x")) {
      FailureException e = assertThrows(FailureException.class, () -> Discovery.parse(bad));
      assertEquals(ExitCode.USAGE, e.failure().exitCode(), bad);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a b", "a/b", ".a", "a@b"})
  void aNameThatIsNoneIsRefused(String name) {
    Bind bind = Bind.choose();
    FailureException e =
        assertThrows(
            FailureException.class,
            () -> new ClusterSettings(name, bind, Discovery.multicast(), null));
    assertEquals(ExitCode.USAGE, e.failure().exitCode());
  }

  @Test
  void theUsualGroupIsOneThatTheAddressCanSendTo() throws Exception {
    InetAddress four = InetAddress.getByName("10.0.0.1");
    InetAddress six = InetAddress.getByName("fd00::1");
    assertEquals("multicast 239.192.78.20:7820", Discovery.multicast(four).toString());
    assertEquals("multicast [ff18:0:0:0:0:0:0:4e14]:7820", Discovery.multicast(six).toString());
    assertEquals(Discovery.multicast(six), Discovery.parse("multicast", six));
    assertEquals(Discovery.multicast(four), Discovery.parse("multicast", four));
  }

  @Test
  void aGroupOfTheOtherKindThanTheAddressIsRefusedWithBothNamed() throws Exception {
    for (List<String> pair :
        List.of(List.of("fd00::1", "239.1.2.3"), List.of("10.0.0.1", "ff18::1"))) {
      Bind bind = new Bind(InetAddress.getByName(pair.getFirst()), 0, "of the test");
      Discovery group = new Discovery.Multicast(InetAddress.getByName(pair.getLast()), 7820);
      FailureException e =
          assertThrows(FailureException.class, () -> new ClusterSettings("x", bind, group, null));
      assertEquals(ExitCode.USAGE, e.failure().exitCode());
      for (String one : pair) {
        String told = InetAddress.getByName(one).getHostAddress();
        assertTrue(e.failure().what().contains(told), e.failure().line());
      }
    }
  }

  @Test
  void anAddressIsWrittenAsOthersWriteItToo() throws Exception {
    byte[] bytes = InetAddress.getByName("fd00::1").getAddress();
    InetAddress named = Inet6Address.getByAddress("here", bytes, 1);
    assertTrue(named.getHostAddress().contains("%"));
    assertEquals("fd00:0:0:0:0:0:0:1", new Bind(named, 0, "").address().getHostAddress());
    assertEquals("[fd00:0:0:0:0:0:0:1]:7 (here)", new Bind(named, 7, "here").toString());
  }

  @Test
  void whatIsWrongWithAnInterfaceIsTold() throws Exception {
    for (NetworkInterface i : NetworkInterface.networkInterfaces().toList()) {
      boolean reaches = i.inetAddresses().anyMatch(a -> !a.isLinkLocalAddress());
      if (i.isUp() && reaches) {
        assertTrue(i.inetAddresses().toList().contains(Bind.of(i.getName()).address()));
      } else {
        FailureException e = assertThrows(FailureException.class, () -> Bind.of(i.getName()));
        String told = i.isUp() ? "has no address but link-local ones" : "is not up";
        assertTrue(e.failure().what().contains(told), e.failure().line());
      }
    }
  }

  @Test
  void bindTakesAnAddressOrAnInterface() {
    assertEquals("127.0.0.1", Bind.of("127.0.0.1").address().getHostAddress());
    assertEquals("127.0.0.1", Bind.of("lo").address().getHostAddress());
    assertEquals(7900, Bind.of("lo:7900").port());
    assertFalse(Bind.choose().address().isAnyLocalAddress());
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.7", "nosuch0", "0.0.0.0", "nosuch.invalid"})
  void anAddressThatIsNotOursIsRefusedWithOursNamed(String text) {
    FailureException e = assertThrows(FailureException.class, () -> Bind.of(text));
    assertEquals(ExitCode.CLUSTER, e.failure().exitCode());
    assertTrue(e.failure().line().contains("127.0.0.1"), e.failure().line());
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Bind bind = Bind.of("127.0.0.1:" + taken.getLocalPort());
      var settings = new ClusterSettings("taken", bind, Discovery.peers("127.0.0.1"), null);
      FailureException e = assertThrows(FailureException.class, () -> TestNode.join(settings));
      assertEquals(ExitCode.CLUSTER, e.failure().exitCode());
      assertTrue(
          e.failure().what().contains("port " + taken.getLocalPort() + " is taken"),
          e.failure().line());
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    var settings =
        new ClusterSettings("folder", TestNode.loopback(), new Discovery.Folder(file), null);
    FailureException e = assertThrows(FailureException.class, () -> TestNode.join(settings));
    assertEquals(ExitCode.CLUSTER, e.failure().exitCode());
    assertEquals(file.toString(), e.failure().where());
    assertFalse(e.failure().line().contains("java."), e.failure().line());
  }

  @Test
  void aFolderTellsOfNodesThatAreThereAndForgetsOthers(@TempDir Path folder) throws Exception {
    InetSocketAddress one = new InetSocketAddress(InetAddress.getByName("10.0.0.1"), 7820);
    InetSocketAddress two = new InetSocketAddress(InetAddress.getByName("fd00::1"), 7821);
    SharedFolder first = new SharedFolder(folder, "c", d -> {});
    SharedFolder second = new SharedFolder(folder, "c", d -> {});
    SharedFolder other = new SharedFolder(folder, "d", d -> {});
    assertEquals(Set.of(), other.addresses(one));
    assertEquals(Set.of(), first.addresses(one));
    assertEquals(Set.of(one), second.addresses(two));
    assertEquals(Set.of(two), first.addresses(one));
    Path gone = Files.writeString(folder.resolve("c@gone.node"), "10.0.0.9:1\n");
    Files.setLastModifiedTime(gone, FileTime.from(Instant.now().minusSeconds(120)));
    Files.writeString(folder.resolve("c@bad.node"), "rubbish / rubbish");
    Files.writeString(folder.resolve("c@name.node"), "some.host:1");
    assertEquals(Set.of(two), first.addresses(one), "no names are looked up, no rubbish is read");
    assertFalse(Files.exists(gone));
    second.leave();
    assertEquals(Set.of(), first.addresses(one));
  }

  @Test
  void whatIsNoPlainFileInTheFolderIsNotOpened(@TempDir Path folder) throws Exception {
    InetSocketAddress one = new InetSocketAddress(InetAddress.getByName("10.0.0.1"), 7820);
    SharedFolder shared = new SharedFolder(folder, "c", d -> {});
    Path pipe = folder.resolve("c@pipe.node");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path outside = Files.writeString(folder.resolve("outside"), "10.0.0.2:7820");
    Files.createSymbolicLink(folder.resolve("c@link.node"), outside);
    Files.createSymbolicLink(folder.resolve("c@zero.node"), Path.of("/dev/zero"));
    Files.createDirectory(folder.resolve("c@folder.node"));
    Files.writeString(folder.resolve("c@long.node"), "10.0.0.3:7820" + "\n".repeat(300));
    Files.writeString(folder.resolve("c@good.node"), "10.0.0.4:7820\n");
    var asked = CompletableFuture.supplyAsync(() -> shared.addresses(one));
    assertEquals(
        Set.of(new InetSocketAddress(InetAddress.getByName("10.0.0.4"), 7820)),
        asked.get(20, TimeUnit.SECONDS));
  }

  @Test
  void ofVeryManyFilesTheNewestAreAsked(@TempDir Path folder) throws Exception {
    InetSocketAddress one = new InetSocketAddress(InetAddress.getByName("10.0.0.1"), 7820);
    InetSocketAddress two = new InetSocketAddress(InetAddress.getByName("10.0.0.2"), 7820);
    SharedFolder shared = new SharedFolder(folder, "c", d -> {});
    shared.addresses(one);
    Instant before = Instant.now().minusSeconds(9);
    for (int i = 0; i < 10 * SharedFolder.MOST; i++) {
      String invented = "10.1." + i / 250 + "." + i % 250 + ":1";
      Path file = Files.writeString(folder.resolve("c@" + i + ".node"), invented);
      Files.setLastModifiedTime(file, FileTime.from(before));
    }
    Path future = Files.writeString(folder.resolve("c@future.node"), "10.0.0.9:1");
    Files.setLastModifiedTime(future, FileTime.from(Instant.now().plusSeconds(9_000)));
    new SharedFolder(folder, "c", d -> {}).addresses(two);
    Set<InetSocketAddress> found = shared.addresses(one);
    assertEquals(SharedFolder.MOST, found.size());
    assertTrue(found.contains(two), "who was here last is among them");
    assertFalse(found.contains(new InetSocketAddress(InetAddress.getByName("10.0.0.9"), 1)));
  }
}
