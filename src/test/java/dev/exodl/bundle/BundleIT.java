package dev.exodl.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The JVM bundle: the launcher, its runtime and its AOT cache. */
class BundleIT extends InstalledStage {

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

  private void assertUsesItsAotCache(Path launcher) throws Exception {
    // With this mode Java refuses to start when it cannot use the cache.
    Map<String, String> environment = Map.of("EXO_DL_JAVA_OPTS", "-XX:AOTMode=on");
    Ended ended = run(temp, environment, launcher.toString(), "--version");
    assertEquals(0, ended.code(), ended.out() + ended.err());
  }
}
