package dev.exodl.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** native/toolchain/graalvm-home with stand-ins: which GraalVM it takes, what it refuses. */
class GraalvmHomeTest {
  private static final String COMMAND =
      Path.of("native/toolchain/graalvm-home").toAbsolutePath().toString();

  @TempDir Path temp;
  private Path home;

  @BeforeEach
  void realPath() throws Exception {
    home = temp.toRealPath().resolve("a graalvm");
  }

  @Test
  void takesTheOneThatIsChosen() throws Exception {
    graalvm("native-image 25.0.2 2026-01-20");
    Script.Ended ended = run(Map.of("GRAALVM_HOME", "a graalvm"));
    assertEquals(0, ended.code(), ended.said());
    // Absolute, whatever it was given.
    assertTrue(ended.said().endsWith("\n" + home + "\n"), ended.said());
  }

  @Test
  void findsTheOneOnPathBehindALinkIntoIt() throws Exception {
    graalvm("native-image 25 2025-09-16");
    Path deeper = home.resolve("lib/svm/bin/native-image");
    Files.createDirectories(deeper.getParent());
    Files.move(home.resolve("bin/native-image"), deeper);
    Files.createSymbolicLink(home.resolve("bin/native-image"), deeper);
    Path bin = Files.createDirectories(temp.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("native-image"), home.resolve("bin/native-image"));
    Script.Ended ended = run(Map.of("PATH", bin + ":" + System.getenv("PATH")));
    assertEquals(0, ended.code(), ended.said());
    assertTrue(ended.said().endsWith("\n" + home + "\n"), ended.said());
  }

  @Test
  void aDayIsNoRelease() throws Exception {
    graalvm("native-image 22.0.1 2024-01-25");
    Script.Ended ended = run(Map.of("GRAALVM_HOME", home.toString()));
    String said = "GRAALVM_HOME=" + home + " has no native-image for Java 25 that works";
    assertTrue(ended.said().contains(said), ended.said());
  }

  /** Its files would be written over: a home's files are links to those of its JDK. */
  @Test
  void isNotMadeOfAnotherGraalvm() throws Exception {
    graalvm("native-image 25.0.2 2026-01-20");
    Script.write(home.resolve("bin/javac"), "exit 1\n");
    Script.put(home.resolve("release"), "JAVA_VERSION=\"25.0.2\"\n");
    Script.Ended ended = run(Map.of("JAVA_HOME", home.toString()), "--assemble");
    assertNotEquals(0, ended.code(), ended.said());
    if (System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64")) {
      assertTrue(ended.said().contains(home + " is a GraalVM"), ended.said());
    }
    assertEquals(3, ended.code(), ended.said());
  }

  private void graalvm(String version) throws IOException {
    Script.write(home.resolve("bin/native-image"), "echo '" + version + "'\n");
    Script.write(home.resolve("bin/java"), "exit 1\n");
    Files.createDirectories(home.resolve("lib/svm"));
  }

  private Script.Ended run(Map<String, String> environment, String... options) throws Exception {
    String[] command = new String[options.length + 2];
    command[0] = COMMAND;
    command[1] = "--no-packages";
    System.arraycopy(options, 0, command, 2, options.length);
    var all = new java.util.HashMap<>(environment);
    // Where nothing is chosen it ends here, before it makes anything.
    all.put("EXO_DL_TOOLCHAIN_CACHE", temp.resolve("a:b").toString());
    return Script.run(temp, all, command);
  }
}
