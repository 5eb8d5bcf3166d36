package dev.exodl.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubEmulator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The program as users get it, be it the JVM bundle or the native binary. */
class InstalledIT extends InstalledStage {
  @Test
  void saysItsVersionAndNothingElse() throws Exception {
    Ended ended = run(temp, Map.of(), LAUNCHER.toString(), "--version");
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.out().matches("exo-dl \\d+\\.\\d+\\.\\d+\n"), ended.out());
    assertEquals("", ended.err());
  }

  @Test
  void namesFilesOutsideAsciiWhateverTheLocaleIs() throws Exception {
    try (HubEmulator hub = HubEmulator.start()) {
      hub.model("org/names").git("\u0142\u00f3d\u017a/\u732b.txt", "cat").commit("first");
      List<List<String>> locales =
          List.of(
              List.of("", "", ""),
              List.of("", "", "C"),
              List.of("", "", "xx_XX.UTF-8"),
              List.of("", "C", "xx_XX.UTF-8"),
              List.of("", "C.UTF-8", "xx_XX.UTF-8"),
              List.of("xx_XX.UTF-8", "", "C.UTF-8"));
      for (int i = 0; i < locales.size(); i++) {
        Map<String, String> environment =
            Map.of(
                "LC_ALL", locales.get(i).get(0),
                "LC_CTYPE", locales.get(i).get(1),
                "LANG", locales.get(i).get(2),
                "HF_ENDPOINT", hub.url(),
                "HF_HOME", temp.resolve("home").toString());
        String dir = temp.resolve("dir" + i).toString();
        Ended ended =
            run(temp, environment, LAUNCHER.toString(), "sync", "org/names", "--local-dir", dir);
        assertEquals(0, ended.code(), locales.get(i) + ": " + ended.err());
      }
    }
  }

  @Test
  void tellsTheHubItsVersion() throws Exception {
    try (HubEmulator hub = HubEmulator.start()) {
      hub.model("org/model").git("config.json", "{}").commit("first");
      Map<String, String> environment =
          Map.of("HF_ENDPOINT", hub.url(), "HF_HOME", temp.resolve("home").toString());
      Ended ended = run(temp, environment, LAUNCHER.toString(), "sync", "org/model");
      assertEquals(0, ended.code(), ended.err());
      String version = run(temp, Map.of(), LAUNCHER.toString(), "--version").out().strip();
      String told = String.valueOf(hub.log().requests(r -> true).getFirst().header("User-Agent"));
      assertTrue(told.startsWith(version.replace(' ', '/') + ";"), told);
    }
  }
}
