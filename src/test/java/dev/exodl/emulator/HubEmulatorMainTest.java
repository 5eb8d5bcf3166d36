package dev.exodl.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The emulator as the process that the lab in {@code src/lab} talks to. */
@Timeout(60)
class HubEmulatorMainTest {

  private static String ask(BufferedWriter to, BufferedReader from, String command)
      throws IOException {
    to.write(command + "\n");
    to.flush();
    return from.readLine();
  }

  private static int get(String endpoint, String path) throws IOException {
    try (var socket = Asker.connect(endpoint)) {
      Asker.send(socket, "http://x" + path, "Connection: close");
      var status = new String(socket.getInputStream().readAllBytes()).split(" ", 3)[1];
      return Integer.parseInt(status);
    }
  }

  @Test
  void itListensAtAnAddressAndObeysUntilItsInputEnds() throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HubEmulatorMain.class.getName(),
            "--bind",
            "0.0.0.0",
            "--host-name",
            "localhost",
            "--model-size",
            "1M",
            "--files",
            "2",
            "--quota",
            "1/3600",
            "--send-buffer",
            "64k",
            "--digests",
            "--commands");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var said = process.inputReader();
        var tell = process.outputWriter()) {
      var first = said.readLine();
      assertTrue(first.startsWith("HF_ENDPOINT=http://localhost:"), first);
      assertTrue(said.readLine().startsWith("repo=exo/demo commit="));
      var files = new ArrayList<String>();
      var answer = ask(tell, said, "figures");
      while (answer.startsWith("file ")) {
        files.add(answer);
        answer = said.readLine();
      }
      assertTrue(
          files.stream()
              .anyMatch(f -> f.matches("file [0-9a-f]{64} 524288 model-00001-of-00002.*")),
          files.toString());
      assertEquals(
          "figures requests=0 revisions=0 trees=0 resolves=0 refused=0 file-bytes=0 open=0",
          answer);

      var endpoint = first.substring("HF_ENDPOINT=".length());
      assertEquals(200, get(endpoint, "/api/models/exo/demo/revision/main"));
      assertEquals(302, get(endpoint, "/exo/demo/resolve/main/model-00001-of-00002.safetensors"));
      assertEquals(429, get(endpoint, "/exo/demo/resolve/main/model-00002-of-00002.safetensors"));
      // A request may end a moment after its answer was read.
      do {
        answer = ask(tell, said, "figures");
      } while (!answer.endsWith(" open=0"));
      assertEquals(
          "figures requests=3 revisions=1 trees=0 resolves=2 refused=1 file-bytes=0 open=0",
          answer);
      assertTrue(ask(tell, said, "nonsense").startsWith("unknown command"));
      assertEquals("cleared", ask(tell, said, "clear"));
      assertEquals("end of log", ask(tell, said, "log"));

      tell.close();
      assertTrue(said.readLine().startsWith("requests=0 bytes=0"));
      assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
  }
}
