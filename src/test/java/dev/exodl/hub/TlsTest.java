package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.EmulatorOptions;
import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.TestCertificate;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsTest {
  private static HubEmulator emulator() {
    HubEmulator emulator = HubEmulator.start(EmulatorOptions.tls());
    HubFixture.repo(emulator)
        .git("config.json", "{}")
        .lfs("model.safetensors", RepoContent.random(3, 100_000))
        .commit("first");
    return emulator;
  }

  private static TestCertificate certificate(HubEmulator emulator) {
    return Objects.requireNonNull(emulator.certificate());
  }

  @Test
  void trustsTheCertificatesOfTheGivenFile(@TempDir Path folder) throws Exception {
    try (HubEmulator emulator = emulator()) {
      Path bundle = folder.resolve("bundle.pem");
      Files.writeString(
          bundle, "# Issuer: us --\n" + Files.readString(certificate(emulator).pem()) + "rest");
      for (Path given : new Path[] {bundle, folder}) {
        HubFixture hub = new HubFixture(emulator, s -> s.withCaFile(given));
        RepoFile file = hub.file("model.safetensors");
        assertEquals(100_000, HubFixture.read(hub.open(file, 0, 100_000)).length);
      }
    }
  }

  @Test
  void saysWhichSettingTrustsAnUnknownCertificate() {
    try (HubEmulator emulator = emulator()) {
      HubFixture hub = new HubFixture(emulator);
      Failure.Network failure = HubFixture.failure(Failure.Network.class, hub::main);
      assertTrue(failure.what().contains("not signed by anyone trusted here"), failure.what());
      assertTrue(failure.next().contains("EXO_DL_CA_FILE"), failure.next());
      assertEquals(0, emulator.log().all().size());
    }
  }

  @Test
  void refusesACertificateForAnotherName() throws IOException {
    try (TlsServer server = new TlsServer("TLSv1.3", (tls, bare) -> {})) {
      HubSettings settings =
          HubSettings.of(HubSettings.endpoint("https://127.0.0.2:" + server.port()))
              .withCaFile(TestCertificate.shared().pem());
      HubClient client = new HubClient(settings, HubListener.NONE);
      Failure.Network failure =
          HubFixture.failure(
              Failure.Network.class, () -> client.resolve(HubFixture.REPO, Revision.MAIN));
      assertTrue(failure.what().contains("certificate is for another name"), failure.what());
    }
  }

  @Test
  void saysThatAServerDoesNotSpeakTls() throws IOException {
    try (ServerSocket plain = new ServerSocket(0)) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket one = plain.accept()) {
                  one.getInputStream().read(new byte[4096]);
                  one.getOutputStream()
                      .write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  // The client tells.
                }
              });
      String url = "https://127.0.0.1:" + plain.getLocalPort();
      HubClient client = new HubClient(HubSettings.of(HubSettings.endpoint(url)), HubListener.NONE);
      Failure.Network failure =
          HubFixture.failure(
              Failure.Network.class, () -> client.resolve(HubFixture.REPO, Revision.MAIN));
      assertTrue(failure.what().contains("does not speak TLS at this port"), failure.what());
    }
  }

  @Test
  void doesNotFollowARedirectFromTlsToPlainText() throws SourceException {
    try (HubEmulator emulator = emulator();
        HubEmulator plain = HubEmulator.start()) {
      HubFixture hub = new HubFixture(emulator, s -> s.withCaFile(certificate(emulator).pem()));
      RepoFile file = hub.file("model.safetensors");
      emulator
          .faults()
          .on(Where.RESOLVE)
          .then(new Fault.OtherHeaders(Map.of("Location", plain.url() + "/x")));
      Failure failure = HubFixture.failure(Failure.Network.class, () -> hub.open(file, 0, 1000));
      assertTrue(failure.what().contains("redirected to the plain-text address"), failure.what());
      assertEquals(0, plain.log().all().size());
    }
  }

  @Test
  void tellsAFileOfCertificatesThatCannotBeUsed(@TempDir Path folder) throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    Path damaged =
        Files.writeString(
            folder.resolve("damaged.pem"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    Path missing = folder.resolve("missing.pem");
    assertEquals("it holds no PEM certificate", why(empty));
    assertEquals("a certificate in it is damaged", why(damaged));
    assertEquals("it cannot be read", why(missing));
  }

  private static String why(Path bundle) {
    HubSettings settings = HubSettings.of(HubSettings.PUBLIC_HUB).withCaFile(bundle);
    FailureException thrown =
        assertThrows(FailureException.class, () -> new HubClient(settings, HubListener.NONE));
    Failure.Usage usage = assertInstanceOf(Failure.Usage.class, thrown.failure());
    assertEquals(bundle.toString(), usage.where());
    return usage.what().substring(usage.what().indexOf(": ") + 2);
  }
}
