package dev.exodl.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as users get it: the launcher, its runtime and its AOT cache. */
class BundleIT {
  private static final Path HOME = Path.of(System.getProperty("exodl.home"));
  private static final Path LAUNCHER = HOME.resolve("bin/exo-dl");

  @TempDir Path temp;

  @Test
  void saysItsVersionAndNothingElse() throws Exception {
    Ended ended = run(temp, Map.of(), LAUNCHER.toString(), "--version");
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.out().matches("exo-dl \\d+\\.\\d+\\.\\d+\n"), ended.out());
    assertEquals("", ended.err());
  }

  @Test
  void startsWithItsAotCache() throws Exception {
    assertUsesItsAotCache(LAUNCHER);
  }

  @Test
  void keepsItsAotCacheWhenMovedToAFolderWithBlanks() throws Exception {
    Path moved = temp.resolve("a new home");
    Ended copied = run(temp, Map.of(), "cp", "-pR", HOME.toString(), moved.toString());
    assertEquals(0, copied.code(), copied.err());
    assertUsesItsAotCache(moved.resolve("bin/exo-dl"));
  }

  @Test
  void startsQuietlyWhenItsAotCacheDoesNotFit() throws Exception {
    Path copy = temp.resolve("copy");
    Ended copied = run(temp, Map.of(), "cp", "-pR", HOME.toString(), copy.toString());
    assertEquals(0, copied.code(), copied.err());
    Files.writeString(copy.resolve("app/exo-dl.aot"), "not a cache");
    Ended ended = run(temp, Map.of(), copy.resolve("bin/exo-dl").toString(), "--version");
    assertEquals(0, ended.code(), ended.err());
    assertEquals("", ended.err());
  }

  @Test
  void startsThroughLinksFromAnyFolder() throws Exception {
    Path far = Files.createSymbolicLink(temp.resolve("far"), LAUNCHER);
    Path near = Files.createSymbolicLink(temp.resolve("near"), far.getFileName());
    assertEquals(0, run(temp, Map.of(), "./near", "--version").code());
    assertEquals(0, run(temp, Map.of(), "sh", "near", "--version").code());
    assertEquals(0, run(Path.of("/"), Map.of(), far.toString(), "--version").code());
    assertEquals(0, run(HOME.resolve("bin"), Map.of(), "sh", "exo-dl", "--version").code());
    Files.delete(near);
    Files.delete(far);
  }

  @Test
  void isNotDisturbedByOptionsForOtherJavaPrograms() throws Exception {
    Map<String, String> environment =
        Map.of(
            "JAVA_TOOL_OPTIONS", "-Dx=y",
            "JDK_JAVA_OPTIONS", "-version",
            "_JAVA_OPTIONS", "-Xmx1m",
            "CLASSPATH", "/nowhere",
            "JAVA_HOME", "/nowhere");
    Ended ended = run(temp, environment, LAUNCHER.toString(), "--version");
    assertEquals(0, ended.code(), ended.err());
    assertEquals("", ended.err());
  }

  @Test
  void passesOnTheOptionsMeantForIt() throws Exception {
    Map<String, String> environment = Map.of("EXO_DL_JAVA_OPTS", "-Xmx1g -XX:NoSuchOption=1");
    Ended ended = run(temp, environment, LAUNCHER.toString(), "--version");
    assertTrue(ended.err().contains("NoSuchOption"), ended.err());
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

  private void assertUsesItsAotCache(Path launcher) throws Exception {
    // With this mode Java refuses to start when it cannot use the cache.
    Map<String, String> environment = Map.of("EXO_DL_JAVA_OPTS", "-XX:AOTMode=on");
    Ended ended = run(temp, environment, launcher.toString(), "--version");
    assertEquals(0, ended.code(), ended.out() + ended.err());
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s: " + List.of(command));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
