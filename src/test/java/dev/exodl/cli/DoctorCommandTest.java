package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubEmulator;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir Path root;

  private final Harness harness = new Harness();

  private String run(int code, String... args) {
    harness.environment.put("HF_HUB_CACHE", root.resolve("new/cache").toString());
    assertEquals(code, harness.run(args), harness.console.stderr());
    return harness.console.stdout();
  }

  @Test
  void tellsWhatEachSettingIsAndWhy() {
    harness.environment.put("HF_TOKEN", "hf_abcdefghijklmnopqrstuvwxyz");
    harness.environment.put("EXO_DL_MAXRATE", "3");
    harness.environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "120");
    harness.environment.put("EXO_DL_METADATA_TIMEOUT", "1500ms");
    String told = run(0, "doctor", "--offline");
    assertTrue(told.matches("(?s).*\nendpoint +https://huggingface.co +default\n.*"), told);
    assertTrue(told.matches("(?s).*\ntoken +hf_\\*\\*\\*yz +HF_TOKEN\n.*"), told);
    assertTrue(told.matches("(?s).*\ndownload-timeout +2m +HF_HUB_DOWNLOAD_TIMEOUT\n.*"), told);
    assertTrue(told.matches("(?s).*\nmetadata-timeout +1500ms +EXO_DL_.*"), told);
    assertTrue(told.matches("(?s).*\nmin-free-space +64MiB +default\n.*"), told);
    assertTrue(told.contains("\n-     hub: offline\n"), told);
    assertTrue(told.contains("did you mean EXO_DL_MAX_RATE?"), told);
    assertFalse(told.contains("abcdef"), told);
    assertFalse(Files.exists(root.resolve("new")));
  }

  @Test
  void looksAtTheHubTheClockAndTheToken() throws Exception {
    try (HubEmulator hub = HubEmulator.start()) {
      harness.environment.put("HF_ENDPOINT", hub.url().toString());
      String told = run(0, "doctor");
      assertTrue(told.contains("\nok    hub: " + hub.url() + " answers in "), told);
      assertTrue(told.contains("\nok    clock: agrees with the hub's\n"), told);
      assertTrue(told.contains("\nok    token: none; public repos need none\n"), told);
      assertTrue(told.contains("\nok    links: symbolic links work"), told);
    }
  }

  @Test
  void aBadTokenIsExitCode10() throws Exception {
    try (HubEmulator hub = HubEmulator.start()) {
      harness.environment.put("HF_ENDPOINT", hub.url().toString());
      harness.environment.put("HF_TOKEN", "hf_wrong");
      String told = run(10, "doctor");
      assertTrue(told.contains("\nFAIL  token: "), told);
    }
  }

  @Test
  void aHubThatDoesNotAnswerIsExitCode12() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    harness.environment.put("HF_ENDPOINT", "http://127.0.0.1:" + port);
    String json = run(12, "doctor", "--json");
    assertTrue(json.startsWith("{\"v\":1,\"ok\":false,\"exitCode\":12,"), json);
    assertTrue(json.contains("{\"about\":\"hub\",\"state\":\"bad\","), json);
  }
}
