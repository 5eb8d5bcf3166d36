package dev.exodl.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A project after an image build, of stand-ins: binary, jars and their poms, GraalVM, C headers.
 */
final class DistStage {
  final Path target;
  final Path folder;
  final Path project;
  private final Path temp;
  private final Path repository;
  private final Map<String, String> environment = new HashMap<>();

  DistStage(Path temp) throws IOException {
    this.temp = temp;
    project = temp.resolve("project");
    target = project.resolve("target");
    folder = target.resolve("exo-dl-native");
    repository = temp.resolve("repository");
    for (String name :
        List.of(
            "native/dist",
            "install.sh",
            "src/install/shared-files",
            "LICENSE",
            "native/toolchain/pins")) {
      Script.copy(name, project);
    }
    for (String name : List.of("ThirdParty.java", "names", "texts/asm.txt")) {
      Script.copy("native/licences/" + name, project);
    }
    for (String name : List.of("README.md", "ARCHITECTURE.md", "CHANGELOG.md")) {
      Script.put(project.resolve(name), name);
    }
    Script.put(project.resolve("docs/settings.md"), "settings");
    Script.put(project.resolve("docs/adr/0001-first.md"), "first");
    Script.put(project.resolve("docs/recipes/README.md"), "recipes");
    Script.put(project.resolve("docs/recipes/engines/start.sh"), "start");
    Script.put(project.resolve("docs/man/exo-dl.1"), "man");
    Script.put(project.resolve("completions/exo-dl.bash"), "bash");
    Script.put(project.resolve("completions/_exo-dl"), "zsh");
    Script.put(project.resolve("completions/exo-dl.fish"), "fish");
    Script.write(target.resolve("exo-dl-1.2.3-runner"), "echo exo-dl 1.2.3\n");
    graalvm();
    compiler();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("MAVEN_REPOSITORY", repository.toString());
    environment.put("SOURCE_DATE_EPOCH", "1700000000");
  }

  private void graalvm() throws IOException {
    Path graalvm = target.resolve("native/graalvm");
    Script.put(graalvm.resolve("release"), "JAVA_RUNTIME_VERSION=\"25.0.9+1\"\n");
    Script.put(graalvm.resolve("legal/java.base/LICENSE"), "The GNU General Public License");
    Script.put(graalvm.resolve("legal/java.base/zlib.md"), "zlib in the JDK");
    Script.put(graalvm.resolve("legal/java.desktop/lcms.md"), "not in the image");
    Script.write(
        graalvm.resolve("bin/native-image"), "echo native-image 25.0.2; echo GraalVM CE 25.0.2\n");
  }

  /** Answers as gcc does with headers of OpenSSL and zlib, which need not be installed here. */
  private void compiler() throws IOException {
    Path header = temp.resolve("include/zlib.h");
    Script.put(header, "/* zlib.h\n This software is provided 'as-is'\n*/\nint z;\n");
    Script.write(
        temp.resolve("bin/gcc"),
        """
        case $(cat) in
          *OPENSSL_VERSION_STR*) echo '"3.9.9"' ;;
          *ZLIB_VERSION*) echo '"1.9.9"' ;;
          *) echo '# 1 "HEADER" 1 3' ;;
        esac
        """
            .replace("HEADER", header.toString()));
    environment.put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
  }

  /** A jar on the image's class path, with its pom in the local repository. */
  void jar(String group, String artifact, String licences, Map<String, String> texts)
      throws IOException {
    pom(group, artifact, licences);
    Path jars = Files.createDirectories(target.resolve("exo-dl-1.2.3-native-image-source-jar/lib"));
    Path jar = jars.resolve(group + "." + artifact + "-1.0.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      for (Map.Entry<String, String> text : texts.entrySet()) {
        zip.putNextEntry(new ZipEntry("META-INF/" + text.getKey()));
        zip.write(text.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
  }

  /** A pom with what is said of licences, or of a parent. */
  void pom(String group, String artifact, String said) throws IOException {
    Path folder = repository.resolve(group.replace('.', '/')).resolve(artifact).resolve("1.0");
    Script.put(
        folder.resolve(artifact + "-1.0.pom"),
        "<project><artifactId>" + artifact + "</artifactId>" + said + "</project>");
  }

  static String licences(String... names) {
    StringBuilder said = new StringBuilder("<licenses>");
    for (String name : names) {
      said.append("<license><name>").append(name).append("</name></license>");
    }
    return said.append("</licenses>").toString();
  }

  Script.Ended pack() throws Exception {
    return Script.run(
        temp,
        environment,
        project.resolve("native/dist").toString(),
        project.toString(),
        target.resolve("exo-dl-1.2.3-runner").toString(),
        folder.toString());
  }

  /** The lines of the notice about a part or library. */
  String notice(String name) throws IOException {
    String all = Files.readString(folder.resolve("share/doc/exo-dl/THIRD-PARTY.txt"));
    int start = all.indexOf("\n" + name + " ");
    if (start < 0) {
      throw new AssertionError("nothing about " + name + " in " + all);
    }
    int end = all.indexOf("\n\n", start);
    return all.substring(start + 1, end < 0 ? all.length() : end);
  }
}
