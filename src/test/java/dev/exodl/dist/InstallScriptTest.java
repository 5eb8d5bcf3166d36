package dev.exodl.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** install.sh with stand-ins: what it chooses, what it puts where, what it leaves alone. */
class InstallScriptTest {
  private static final List<String> SHARED =
      List.of(
          ".local/share/bash-completion/completions/exo-dl",
          ".local/share/zsh/site-functions/_exo-dl",
          ".local/share/fish/vendor_completions.d/exo-dl.fish",
          ".local/share/man/man1/exo-dl.1");

  @TempDir Path temp;
  private InstallStage stage;
  private Path program;

  @BeforeEach
  void setStage() throws Exception {
    stage = new InstallStage(temp);
    program = stage.home.resolve(".local/bin/exo-dl");
  }

  @Test
  void takesThePrebuiltBinaryThatLiesBesideIt() throws Exception {
    String said = installs(stage.archive("1.0.0"));
    assertTrue(said.contains("the native binary, since it lies here prebuilt"), said);
    assertTrue(said.contains("installed exo-dl 1.0.0 as " + program), said);
    assertTrue(Files.isRegularFile(program));
    Map<String, String> files = stage.files();
    assertEquals(
        List.of("bash 1.0.0", "zsh 1.0.0", "fish 1.0.0", "man 1.0.0"),
        SHARED.stream().map(files::get).toList());
  }

  @Test
  void installingAgainChangesNothing() throws Exception {
    installs(stage.archive("1.0.0"));
    Map<String, String> once = stage.files();
    installs(temp.resolve("archive of 1.0.0"));
    assertEquals(once, stage.files());
  }

  @Test
  void uninstallingLeavesTheHomeAsItWas() throws Exception {
    Script.put(stage.home.resolve(".local/share/fish/fish_history"), "- cmd: ls");
    Map<String, String> before = stage.files();
    Path archive = stage.archive("1.0.0");
    installs(archive);
    installs(archive, "--uninstall");
    assertEquals(before, stage.files());
    String again = installs(archive, "--uninstall");
    assertTrue(again.contains("nothing to remove at " + program), again);
  }

  @Test
  void aNewerVersionTakesTheOldOnesPlace() throws Exception {
    installs(stage.archive("1.0.0"));
    installs(stage.archive("1.1.0"));
    assertEquals("exo-dl 1.1.0", stage.ask(program, "--version"));
    assertEquals("man 1.1.0", stage.files().get(SHARED.getLast()));
    installs(temp.resolve("archive of 1.0.0"), "--uninstall");
    assertEquals(Map.of("", ""), stage.files());
  }

  @Test
  void aRunningOldBinaryGoesOn() throws Exception {
    Path first = stage.archive("1.0.0");
    Files.delete(first.resolve("bin/exo-dl"));
    // A real executable: it could not be written over while it runs.
    Files.copy(Path.of("/bin/sleep"), first.resolve("bin/exo-dl"));
    installs(first);
    Process running = new ProcessBuilder(program.toString(), "60").start();
    try {
      installs(stage.archive("1.1.0"));
      assertTrue(running.isAlive());
      assertEquals("exo-dl 1.1.0", stage.ask(program, "--version"));
    } finally {
      running.destroyForcibly().waitFor();
    }
  }

  @Test
  void buildsTheNativeBinaryFromSource() throws Exception {
    String said = installs(stage.source());
    assertTrue(said.contains("the native binary, since this machine can build it"), said);
    assertEquals("native", stage.ask(program, "kind"));
    assertEquals("zsh source", stage.files().get(SHARED.get(1)));
  }

  @Test
  void switchesBetweenTheKindsAndCleansUp() throws Exception {
    Path source = stage.source();
    installs(source, "--native");
    Map<String, String> natively = stage.files();
    String said = installs(source, "--jvm");
    assertTrue(said.contains("the JVM bundle: asked for with --jvm"), said);
    assertEquals("jvm", stage.ask(program, "kind"));
    assertTrue(stage.files().keySet().containsAll(SHARED));
    installs(source, "--native");
    assertEquals(natively, stage.files());
    installs(source, "--jvm");
    installs(source, "--uninstall");
    assertEquals(Map.of("", ""), stage.files());
  }

  @Test
  void onASmallMachineTakesTheJvmBundleAndSaysWhy() throws Exception {
    stage.set("EXO_DL_BUILD_MEMORY", "2048");
    Path source = stage.source();
    String said = installs(source);
    assertTrue(said.contains("the JVM bundle: building the native binary takes 7 GB"), said);
    assertEquals("jvm", stage.ask(program, "kind"));
    String asked = installs(source, "--native");
    assertTrue(asked.contains("2048 MiB are available: trying all the same"), asked);
    assertEquals("native", stage.ask(program, "kind"));
  }

  @Test
  void whereThereIsNoToolchainTakesTheJvmBundleAndSaysWhy() throws Exception {
    stage.set("TOOLCHAIN_CODE", "3");
    String said = installs(stage.source());
    assertTrue(said.contains("the JVM bundle: this machine has no GraalVM"), said);
    assertEquals("jvm", stage.ask(program, "kind"));
  }

  @Test
  void whenTheImageBuildFailsTakesTheJvmBundleAndSaysWhy() throws Exception {
    stage.set("BROKEN", "build");
    String said = installs(stage.source());
    assertTrue(said.contains("the image cannot be built"), said);
    assertTrue(said.contains("the JVM bundle: building the native binary failed"), said);
    assertEquals("jvm", stage.ask(program, "kind"));
  }

  @Test
  void aBinaryThatDoesNotStartIsNotInstalled() throws Exception {
    Path source = stage.source();
    installs(source, "--jvm");
    Map<String, String> before = stage.files();
    stage.set("BROKEN", "binary");
    String refused = fails(1, source, "--native");
    assertTrue(refused.contains("does not start here: no such CPU"), refused);
    assertEquals(before, stage.files());
    String said = installs(source);
    assertTrue(said.contains("the JVM bundle: "), said);
    assertEquals("jvm", stage.ask(program, "kind"));
  }

  @Test
  void anArchiveForAnotherMachineSaysSo() throws Exception {
    Path archive = stage.archive("1.0.0");
    Script.put(archive.resolve("bin/exo-dl"), "\177ELF of another machine");
    String said = fails(1, archive);
    assertTrue(said.contains("does not start here"), said);
    assertFalse(Files.exists(program));
    String jvm = fails(1, archive, "--jvm");
    assertTrue(jvm.contains("holds the native binary only"), jvm);
  }

  /** A shell would run such a file's bytes as commands. */
  @Test
  void doesNotRunABinaryThatIsDamaged() throws Exception {
    Path archive = stage.archive("1.0.0");
    byte[] whole = Files.readAllBytes(Path.of("/bin/sleep"));
    byte[] other = whole.clone();
    other[18] ^= 1;
    byte[] script = "touch ran; echo exo-dl 1.0.0".getBytes(StandardCharsets.UTF_8);
    Map<byte[], String> damages =
        Map.of(
            Arrays.copyOf(whole, whole.length - 1),
            "it is cut off",
            Arrays.copyOf(whole, 30),
            "it is cut off",
            other,
            "it is for another kind of machine",
            new byte[0],
            "it is damaged",
            script,
            "it is damaged");
    for (Map.Entry<byte[], String> damage : damages.entrySet()) {
      Files.write(archive.resolve("bin/exo-dl"), damage.getKey());
      String said = fails(1, archive);
      assertTrue(said.contains("does not start here: " + damage.getValue()), said);
      assertFalse(Files.exists(program));
    }
    assertFalse(Files.exists(temp.resolve("ran")));
  }

  @Test
  void onlyOneInstallsAtATime() throws Exception {
    Path archive = stage.archive("1.0.0");
    installs(archive);
    Path versions = stage.home.resolve(".local/share/exo-dl");
    Process other = new ProcessBuilder("flock", versions.toString(), "sleep", "60").start();
    try {
      Script.Ended ended = stage.install(archive);
      // Until flock has it.
      for (int tries = 0; ended.code() == 0 && tries < 100; tries++) {
        ended = stage.install(archive);
      }
      assertEquals(1, ended.code(), ended.said());
      String said = ended.said();
      assertTrue(said.contains("another install.sh is at work in " + versions), said);
    } finally {
      other.descendants().forEach(ProcessHandle::destroyForcibly);
      other.destroyForcibly().waitFor();
    }
    installs(archive);
  }

  @Test
  void removesWhatAKilledRunLeft() throws Exception {
    Path archive = stage.archive("1.0.0");
    installs(archive);
    Map<String, String> whole = stage.files();
    // No process has such a number: the kernel's limit is 4194304.
    String[] left = {
      ".local/bin/.exo-dl-new.4999999",
      ".local/share/man/man1/.exo-dl-new.4999999",
      ".local/share/exo-dl/20260101T000000Z.4999999/bin/exo-dl"
    };
    for (String name : left) {
      Script.put(stage.home.resolve(name), "half");
    }
    installs(archive);
    assertEquals(whole, stage.files());
    for (String name : left) {
      Script.put(stage.home.resolve(name), "half");
    }
    installs(archive, "--uninstall");
    assertEquals(Map.of("", ""), stage.files());
  }

  @Test
  void aPrefixIsForAllUsersWhateverTheUmask() throws Exception {
    Path archive = stage.archive("1.0.0");
    Path prefix = stage.home.resolve("prefix");
    Script.Ended ended =
        Script.run(
            temp,
            Map.of("ARCHIVE", archive.toString(), "PREFIX", prefix.toString()),
            "sh",
            "-c",
            "umask 077; exec sh \"$ARCHIVE/install.sh\" --prefix \"$PREFIX\"");
    assertEquals(0, ended.code(), ended.said());
    Path man = prefix.resolve("share/man/man1");
    assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(man)));
  }

  @Test
  void leavesForeignFilesAlone() throws Exception {
    Path bash = stage.home.resolve(SHARED.getFirst());
    Script.put(bash, "my own");
    Path man = stage.home.resolve(SHARED.getLast());
    Files.createDirectories(man.getParent());
    Files.createSymbolicLink(man, Path.of("/my/own/page"));
    Map<String, String> before = stage.files();
    Path archive = stage.archive("1.0.0");
    String said = installs(archive);
    assertTrue(said.contains("left " + bash + " alone: it was not installed by"), said);
    assertTrue(said.contains("left " + man + " alone"), said);
    assertEquals("my own", Files.readString(bash));
    installs(archive, "--uninstall");
    before.putAll(Map.of(".local", "", ".local/share", ""));
    assertEquals(before, stage.files());
  }

  @Test
  void leavesFilesAloneThatWereChangedAfterwards() throws Exception {
    Path archive = stage.archive("1.0.0");
    installs(archive);
    Path fish = stage.home.resolve(SHARED.get(2));
    Files.writeString(fish, "changed");
    String said = installs(stage.archive("1.1.0"));
    assertTrue(said.contains("left " + fish + " alone"), said);
    installs(archive, "--uninstall");
    assertEquals("changed", Files.readString(fish));
    assertFalse(Files.exists(program));
  }

  @Test
  void doesNotTouchAProgramThatItDidNotInstall() throws Exception {
    Script.put(program, "another program");
    Path archive = stage.archive("1.0.0");
    String said = fails(1, archive);
    assertTrue(said.contains(program + " is there already and was not installed by this"), said);
    said = installs(archive, "--uninstall");
    assertTrue(said.contains("left " + program + " alone"), said);
    assertEquals("another program", Files.readString(program));
  }

  @Test
  void replacesABundleOfTheVersionBeforeManifests() throws Exception {
    Path source = stage.source();
    installs(source, "--jvm");
    Files.delete(stage.home.resolve(".local/share/exo-dl/manifest"));
    SHARED.forEach(name -> assertTrue(stage.home.resolve(name).toFile().delete()));
    installs(source, "--native");
    assertEquals("native", stage.ask(program, "kind"));
    installs(source, "--jvm");
    installs(source, "--uninstall");
    assertFalse(Files.exists(stage.home.resolve(".local/share/exo-dl")));
  }

  @Test
  void aPrefixMayHaveBlanksAndNeedsNoHome() throws Exception {
    stage.unset("HOME");
    Path prefix = stage.home.resolve("a prefix  with blanks ");
    Path archive = stage.archive("1.0.0");
    installs(archive, "--prefix", prefix.toString());
    assertEquals("exo-dl 1.0.0", stage.ask(prefix.resolve("bin/exo-dl"), "--version"));
    assertEquals("man 1.0.0", Files.readString(prefix.resolve("share/man/man1/exo-dl.1")));
    Map<String, String> once = stage.files();
    // However it is written, it is the same folder.
    installs(archive, "--prefix=" + prefix + "/./");
    assertEquals(once, stage.files());
    installs(archive, "--uninstall", "--prefix", prefix.toString());
    assertEquals(Map.of("", ""), stage.files());
    assertTrue(fails(1, archive).contains("HOME is not set"));
  }

  @Test
  void goesByTheUsersDataFolder() throws Exception {
    stage.set("XDG_DATA_HOME", stage.home.resolve("data").toString());
    Path archive = stage.archive("1.0.0");
    installs(archive);
    Map<String, String> files = stage.files();
    assertEquals("bash 1.0.0", files.get("data/bash-completion/completions/exo-dl"));
    assertEquals("fish 1.0.0", files.get("data/fish/vendor_completions.d/exo-dl.fish"));
    assertEquals("man 1.0.0", files.get(".local/share/man/man1/exo-dl.1"));
    // What was installed is removed, wherever it would go today.
    stage.unset("XDG_DATA_HOME");
    installs(archive);
    assertEquals("bash 1.0.0", stage.files().get(SHARED.getFirst()));
    assertFalse(stage.files().containsKey("data/bash-completion/completions/exo-dl"));
    installs(archive, "--uninstall");
    assertEquals(Map.of("", ""), stage.files());
  }

  @Test
  void theDemoFollowsTheInstallation() throws Exception {
    assertTrue(installs(stage.archive("1.0.0"), "--demo").endsWith("asked for demo\n"));
  }

  @Test
  void refusesOptionsThatContradictEachOther() throws Exception {
    Path archive = stage.archive("1.0.0");
    assertTrue(fails(2, archive, "--jvm", "--native").contains("exclude each other"));
    assertTrue(fails(2, archive, "--uninstall", "--jvm").contains("leave --jvm out"));
    assertTrue(fails(2, archive, "--uninstall", "--demo").contains("exclude each other"));
    assertTrue(fails(2, archive, "--prefix").contains("--prefix needs a folder"));
    assertTrue(fails(2, archive, "--prefix", "--jvm").contains("--prefix needs a folder"));
    stage.set("EXO_DL_BUILD_MEMORY", "much");
    assertTrue(fails(2, archive).contains("EXO_DL_BUILD_MEMORY is a number of MiB, not 'much'"));
    assertEquals(Map.of("", ""), stage.files());
  }

  private String installs(Path folder, String... options) throws Exception {
    Script.Ended ended = stage.install(folder, options);
    assertEquals(0, ended.code(), ended.said());
    return ended.said();
  }

  private String fails(int code, Path folder, String... options) throws Exception {
    Script.Ended ended = stage.install(folder, options);
    assertNotEquals(0, ended.code(), ended.said());
    assertEquals(code, ended.code(), ended.said());
    return ended.said();
  }
}
