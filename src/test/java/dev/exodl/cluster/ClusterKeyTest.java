package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.plan.swarm.SwarmMessage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterKeyTest {
  private static final Discovery PEERS = Discovery.peers("127.0.0.1");

  private static final String KEYLESS = "it does not have this cluster's key";

  @TempDir Path folder;
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void leave() {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      nodes.forEach(n -> pool.submit(n::close));
    }
  }

  private ClusterKey key(String name) {
    ClusterKey.generate(folder.resolve(name));
    return ClusterKey.load(folder.resolve(name));
  }

  private TestNode join(@Nullable ClusterKey key) {
    String name = "keys-" + ProcessHandle.current().pid();
    TestNode node = TestNode.join(new ClusterSettings(name, TestNode.loopback(), PEERS, key));
    nodes.add(node);
    return node;
  }

  @Test
  void aKeyIsReadableByItsOwnerOnlyAndIsNotOverwritten() throws Exception {
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    byte[] before = Files.readAllBytes(file);
    FailureException e = assertThrows(FailureException.class, () -> ClusterKey.generate(file));
    assertInstanceOf(Failure.Storage.class, e.failure());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void theCertificateIsOneThatOthersCanRead() throws Exception {
    SelfSigned made = SelfSigned.create();
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(made.certificate()));
    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity();
    assertEquals("CN=exo-dl cluster", certificate.getSubjectX500Principal().getName());
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws Exception {
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    for (String rights : List.of("rw-r-----", "rw----r--", "rw--w----")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
      FailureException e = assertThrows(FailureException.class, () -> ClusterKey.load(file));
      assertEquals(ExitCode.CLUSTER, e.failure().exitCode());
      assertTrue(e.failure().next().contains("chmod 600"), e.failure().line());
    }
  }

  @Test
  void theGroupMayReadWhatRootGivesToAnotherUser() {
    Path file = folder.resolve("key");
    KeyFile.refuseIfForOthers(file, PosixFilePermissions.fromString("r--r-----"), 0, 1000);
    KeyFile.refuseIfForOthers(file, PosixFilePermissions.fromString("rw-------"), 0, 1000);
    for (String rights : List.of("r--rw----", "r--r-x---", "r--r--r--")) {
      assertThrows(
          FailureException.class,
          () -> KeyFile.refuseIfForOthers(file, PosixFilePermissions.fromString(rights), 0, 1000));
    }
    for (int user : new int[] {0, 1000}) {
      assertThrows(
          FailureException.class,
          () ->
              KeyFile.refuseIfForOthers(
                  file, PosixFilePermissions.fromString("r--r-----"), user, user));
    }
  }

  @Test
  void aKeyOfAnotherUserIsRefusedAndOneOfRootIsNot() {
    Path file = folder.resolve("key");
    FailureException e =
        assertThrows(FailureException.class, () -> KeyFile.refuseIfOfAnotherUser(file, 1234, 1000));
    assertTrue(e.failure().next().contains("chown"), e.failure().line());
    assertThrows(FailureException.class, () -> KeyFile.refuseIfOfAnotherUser(file, 1234, 0));
    KeyFile.refuseIfOfAnotherUser(file, 1234, 1234);
    KeyFile.refuseIfOfAnotherUser(file, 0, 1234);
  }

  @Test
  void whatIsNoFileIsRefusedAtOnce() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", pipe.toString()).start().waitFor());
    assertTrue(said(pipe).contains("not a regular file"), said(pipe));
    assertTrue(said(folder).contains("not a regular file"), said(folder));
    key("one");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("one"));
    ClusterKey.load(link);
  }

  @Test
  void aKeyOnAnotherCurveIsRefused() throws Exception {
    for (String curve : List.of("secp256r1", "secp384r1", "secp521r1")) {
      SelfSigned made = SelfSigned.create(curve);
      Path file = folder.resolve(curve);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file,
          ClusterKey.pem("CERTIFICATE", made.certificate())
              + ClusterKey.pem("PRIVATE KEY", made.privateKey()));
      if (curve.equals("secp256r1")) {
        ClusterKey.load(file);
      } else {
        assertTrue(said(file).contains("not on P-256"), said(file));
      }
    }
  }

  @Test
  void whatIsNoKeyIsRefusedWithItsReason() throws Exception {
    Path file = folder.resolve("key");
    assertTrue(said(file).contains("no key file"));
    ClusterKey.generate(file);
    String good = Files.readString(file);
    Files.writeString(file, "hello");
    assertTrue(said(file).contains("it has no PRIVATE KEY"), said(file));
    Files.writeString(file, good.replaceFirst("PRIVATE KEY-----\n....", "PRIVATE KEY-----\nAAAA"));
    assertTrue(said(file).contains("cannot be read"), said(file));
    Path other = folder.resolve("other");
    ClusterKey.generate(other);
    Files.writeString(
        file,
        good.substring(0, good.indexOf("-----BEGIN PRIVATE"))
            + Files.readString(other)
                .substring(Files.readString(other).indexOf("-----BEGIN PRIVATE")));
    assertTrue(said(file).contains("does not fit"), said(file));
    Files.writeString(file, "x".repeat(100_000));
    assertTrue(said(file).contains("too long"), said(file));
  }

  private static String said(Path file) {
    return assertThrows(FailureException.class, () -> ClusterKey.load(file)).failure().line();
  }

  @Test
  void secretsDifferByPurposeAndKeyAndAreTheSameEverywhere() {
    ClusterKey key = key("one");
    assertEquals(32, key.secret("chunks").length);
    assertArrayEquals(
        key.secret("chunks"), ClusterKey.load(folder.resolve("one")).secret("chunks"));
    assertFalse(Arrays.equals(key.secret("chunks"), key.secret("other")));
    assertFalse(Arrays.equals(key.secret("chunks"), key("two").secret("chunks")));
  }

  @Test
  void nodesWithTheKeyFormACluster() {
    ClusterKey key = key("one");
    TestNode first = join(key);
    TestNode second = join(ClusterKey.load(folder.resolve("one")));
    TestNode third = join(key);
    TestNode.awaitOneView(List.of(first, second, third), 10);
    first.cluster().send(third.id(), new SwarmMessage.Throttled(1));
    TestNode.await(5, () -> !third.told.isEmpty(), () -> "nothing came");
    for (TestNode n : nodes) {
      assertEquals(1, n.details.size(), "only how it joins: " + n.details);
      assertEquals(List.of(), List.copyOf(n.warnings));
    }
  }

  @Test
  void aNodeWithAnotherKeyIsRefusedByBothSides() throws Exception {
    refused(join(key("one")), join(key("two")), KEYLESS);
  }

  @Test
  void aNodeWithoutAKeyIsRefusedByBothSides() throws Exception {
    refused(join(key("one")), join(null), KEYLESS);
  }

  @Test
  void aNodeWithAKeyIsRefusedByThoseWithout() throws Exception {
    refused(join(null), join(key("one")), "it has a cluster key, this one has none");
  }

  private static void refused(TestNode one, TestNode two, String why) throws InterruptedException {
    TestNode.await(
        10,
        () -> one.warnings.stream().anyMatch(d -> d.contains(why)),
        () -> one.warnings + " / " + two.warnings);
    // Long enough for several attempts of each side to merge with the other.
    Thread.sleep(3000);
    for (TestNode n : List.of(one, two)) {
      assertEquals(List.of(n.id()), n.cluster().view().members());
      assertTrue(n.views.stream().allMatch(v -> v.members().size() == 1), "views: " + n.views);
      assertTrue(
          n.warnings.stream().anyMatch(d -> d.contains("refused a node")), "said: " + n.warnings);
      assertTrue(
          n.details.size() + n.warnings.size() < 6,
          "each thing is said once: " + n.details + n.warnings);
    }
  }
}
