package dev.exodl.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** native/dist with stand-ins: the archive, and the notice of what is linked in. */
class DistTest {
  private static final String APACHE = "Apache License, Version 2.0";
  private static final String ARCHIVE =
      "exo-dl-1.2.3-"
          + System.getProperty("os.name").toLowerCase(java.util.Locale.ROOT)
          + "-"
          + System.getProperty("os.arch").replace("amd64", "x86_64")
          + ".tar.gz";

  @TempDir Path temp;
  private DistStage stage;

  @BeforeEach
  void setStage() throws Exception {
    stage = new DistStage(temp);
  }

  @Test
  void packsTheSameArchiveAgain() throws Exception {
    stage.jar("org.some", "library", DistStage.licences(APACHE), Map.of("NOTICE", "by us"));
    packs();
    Path archive = stage.target.resolve(ARCHIVE);
    byte[] first = Files.readAllBytes(archive);
    Path readme = stage.project.resolve("README.md");
    Files.setLastModifiedTime(readme, FileTime.from(Instant.EPOCH));
    assertTrue(stage.project.resolve("LICENSE").toFile().setReadable(false, false));
    assertTrue(stage.project.resolve("LICENSE").toFile().setReadable(true, true));
    packs();
    assertTrue(java.util.Arrays.equals(first, Files.readAllBytes(archive)));
    Script.Ended checked =
        Script.run(stage.target, Map.of(), "sha256sum", "-c", ARCHIVE + ".sha256");
    assertEquals(ARCHIVE + ": OK\n", checked.said());
  }

  @Test
  void whatItPacksInstallsItself() throws Exception {
    stage.jar("org.some", "library", DistStage.licences(APACHE), Map.of());
    packs();
    Script.Ended unpacked = Script.run(temp, Map.of(), "tar", "-xzf", "project/target/" + ARCHIVE);
    assertEquals(0, unpacked.code(), unpacked.said());
    Path folder = temp.resolve(ARCHIVE.replace(".tar.gz", ""));
    Path home = Files.createDirectories(temp.resolve("home"));
    Script.Ended installed =
        Script.run(temp, Map.of("HOME", home.toString()), folder.resolve("install.sh").toString());
    assertEquals(0, installed.code(), installed.said());
    assertTrue(installed.said().contains("installed exo-dl 1.2.3"), installed.said());
    assertEquals(
        "fish",
        Files.readString(home.resolve(".local/share/fish/vendor_completions.d/exo-dl.fish")));
    assertEquals(
        "first", Files.readString(folder.resolve("share/doc/exo-dl/docs/adr/0001-first.md")));
    Path recipes = folder.resolve("share/doc/exo-dl/docs/recipes");
    assertEquals("recipes", Files.readString(recipes.resolve("README.md")));
    assertTrue(Files.isExecutable(recipes.resolve("engines/start.sh")));
    assertFalse(Files.isExecutable(recipes.resolve("README.md")));
  }

  @Test
  void tellsTheLicenceOfEachPartAndLibrary() throws Exception {
    stage.jar("org.some.group", "plain", DistStage.licences(APACHE), Map.of("NOTICE.md", "by us"));
    stage.jar("org.some", "with.dots-and-dashes", DistStage.licences("EPL 2.0", APACHE), Map.of());
    stage.jar("org.some", "own", DistStage.licences("MIT"), Map.of("LICENSE.txt", "Permission"));
    stage.jar("org.some", "twin", DistStage.licences("MIT"), Map.of("LICENSE", "Permission\n"));
    stage.jar("org.ow2.asm", "asm", DistStage.licences("BSD-3-Clause"), Map.of());
    stage.jar("org.some", "child", parent("org.some", "elder"), Map.of());
    stage.pom("org.some", "elder", DistStage.licences(APACHE));
    packs();
    assertEquals(
        """
        plain 1.0 (org.some.group)
          licence: Apache-2.0
          source: not told
          texts: licenses/Apache-2.0.txt, licenses/plain-NOTICE.md""",
        stage.notice("plain"));
    assertTrue(stage.notice("with.dots-and-dashes").contains("licence: EPL-2.0 or Apache-2.0\n"));
    // The same text is kept once.
    assertTrue(stage.notice("own").endsWith("texts: licenses/own-LICENSE.txt"));
    assertTrue(stage.notice("twin").endsWith("texts: licenses/own-LICENSE.txt"));
    assertTrue(stage.notice("asm").endsWith("texts: licenses/asm.txt"));
    assertTrue(stage.notice("child").contains("licence: Apache-2.0\n"));
    assertTrue(stage.notice("OpenJDK").startsWith("OpenJDK 25.0.9+1"));
    assertTrue(stage.notice("OpenJDK").endsWith("licenses/jdk-LICENSE, licenses/jdk-zlib.md"));
    assertTrue(stage.notice("GraalVM").contains("GraalVM CE 25.0.2\n"));
    assertTrue(stage.notice("OpenSSL").startsWith("OpenSSL 3.9.9: libcrypto\n"));
    assertTrue(stage.notice("zlib").startsWith("zlib 1.9.9\n"));
    Path licenses = stage.folder.resolve("share/doc/exo-dl/licenses");
    for (String line : stage.notice("OpenJDK").lines().toList()) {
      if (line.startsWith("  texts: ")) {
        for (String file : line.substring("  texts: ".length()).split(", ")) {
          assertTrue(Files.exists(licenses.getParent().resolve(file)), file);
        }
      }
    }
  }

  @Test
  void refusesALicenceThatNobodyHasRead() throws Exception {
    stage.jar("org.some", "library", DistStage.licences("Our Own License"), Map.of());
    refuses("org.some.library-1.0.jar has the licence 'Our Own License'");
  }

  @Test
  void refusesALibraryWithoutALicence() throws Exception {
    stage.jar("org.some", "library", "", Map.of("LICENSE", "who knows"));
    refuses("org.some.library-1.0.jar: neither its pom nor a parent names a licence");
  }

  @Test
  void refusesALicenceWithoutItsText() throws Exception {
    stage.jar("org.some", "library", DistStage.licences("MIT"), Map.of("NOTICE", "by us"));
    refuses("org.some.library-1.0.jar comes without the text of its licence MIT");
  }

  @Test
  void saysWhichFileIsMissing() throws Exception {
    stage.jar("org.some", "library", DistStage.licences(APACHE), Map.of());
    Files.delete(stage.project.resolve("docs/man/exo-dl.1"));
    refuses("there is no file " + stage.project.resolve("docs/man/exo-dl.1"));
  }

  private static String parent(String group, String artifact) {
    return "<parent><groupId>%s</groupId><artifactId>%s</artifactId><version>1.0</version></parent>"
        .formatted(group, artifact);
  }

  private void packs() throws Exception {
    Script.Ended ended = stage.pack();
    assertEquals(0, ended.code(), ended.said());
  }

  private void refuses(String said) throws Exception {
    Script.Ended ended = stage.pack();
    assertEquals(1, ended.code(), ended.said());
    assertTrue(ended.said().contains(said), ended.said());
    // Nothing that looks like a release.
    for (String name : List.of(ARCHIVE, "exo-dl-native")) {
      assertTrue(Files.notExists(stage.target.resolve(name)), name);
    }
  }
}
