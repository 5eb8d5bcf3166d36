package dev.exodl.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A user's home, and folders with install.sh in them and stand-ins for what is built. */
final class InstallStage {
  final Path home;
  private final Path temp;
  private final Map<String, String> environment = new HashMap<>();

  InstallStage(Path temp) throws IOException {
    this.temp = temp;
    home = Files.createDirectories(temp.resolve("a user's home"));
    set("HOME", home.toString());
    set("EXO_DL_BUILD_MEMORY", "16000");
  }

  void set(String variable, String value) {
    environment.put(variable, value);
  }

  void unset(String variable) {
    environment.remove(variable);
  }

  /** An unpacked archive whose binary says that it is this version. */
  Path archive(String version) throws IOException {
    Path folder = temp.resolve("archive of " + version);
    Script.copy("install.sh", folder);
    program(folder.resolve("bin/exo-dl"), version, "native");
    Script.put(folder.resolve("share/bash-completion/completions/exo-dl"), "bash " + version);
    Script.put(folder.resolve("share/zsh/site-functions/_exo-dl"), "zsh " + version);
    Script.put(folder.resolve("share/fish/vendor_completions.d/exo-dl.fish"), "fish " + version);
    Script.put(folder.resolve("share/man/man1/exo-dl.1"), "man " + version);
    return folder;
  }

  /**
   * A checkout whose mvnw makes stand-ins at once. Variables for failures: TOOLCHAIN_CODE is what
   * graalvm-home exits with, BROKEN=build or BROKEN=binary is what goes wrong with the image.
   */
  Path source() throws IOException {
    Path folder = temp.resolve("the source");
    for (String name : List.of("install.sh", "src/install/build.sh", "src/install/shared-files")) {
      Script.copy(name, folder);
    }
    Script.put(folder.resolve("pom.xml"), "");
    Script.put(folder.resolve("completions/exo-dl.bash"), "bash source");
    Script.put(folder.resolve("completions/_exo-dl"), "zsh source");
    Script.put(folder.resolve("completions/exo-dl.fish"), "fish source");
    Script.put(folder.resolve("docs/man/exo-dl.1"), "man source");
    Script.write(folder.resolve(".mvn/find-jdk"), "echo /a/jdk\n");
    Script.write(
        folder.resolve("native/toolchain/graalvm-home"),
        """
        echo /a/graalvm
        exit ${TOOLCHAIN_CODE:-0}
        """);
    program(folder.resolve("stand-in/native"), "1.2.3", "native");
    program(folder.resolve("stand-in/bundle/bin/exo-dl"), "1.2.3", "jvm");
    Script.write(folder.resolve("stand-in/bundle/bin/train"), "exit 0\n");
    Script.put(folder.resolve("stand-in/bundle/app/quarkus-run.jar"), "");
    Files.createDirectories(folder.resolve("stand-in/bundle/runtime"));
    Script.write(
        folder.resolve("mvnw"),
        """
        case " $* " in
          *" -Pnative "*)
            [ "${BROKEN:-}" != build ] || { echo 'the image cannot be built'; exit 1; }
            mkdir -p target/exo-dl-native/bin
            cp stand-in/native target/exo-dl-native/bin/exo-dl
            [ "${BROKEN:-}" != binary ] || printf '#!/bin/sh\\necho no such CPU; exit 1\\n' >target/exo-dl-native/bin/exo-dl
            ;;
          *) mkdir -p target && rm -rf target/exo-dl-bundle && cp -R stand-in/bundle target/exo-dl-bundle ;;
        esac
        """);
    return folder;
  }

  private static void program(Path file, String version, String kind) throws IOException {
    Script.write(
        file,
        """
        case ${1:-} in
          --version) echo "exo-dl VERSION" ;;
          kind) echo KIND ;;
          *) echo "asked for $*" ;;
        esac
        """
            .replace("VERSION", version)
            .replace("KIND", kind));
  }

  /** Runs a folder's install.sh. */
  Script.Ended install(Path folder, String... options) throws Exception {
    String[] command =
        Stream.concat(
                Stream.of("sh", folder.resolve("install.sh").toString()), Arrays.stream(options))
            .toArray(String[]::new);
    return Script.run(temp, environment, command);
  }

  /** What an installed program answers. */
  String ask(Path program, String word) throws Exception {
    return Script.run(temp, environment, program.toString(), word).said().strip();
  }

  /** Paths below the home, each with its text; links with their target, folders with nothing. */
  Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(home)) {
      for (Path path : walk.toList()) {
        String name = home.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          files.put(name, "link to " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          files.put(name, Files.readString(path));
        } else {
          files.put(name, "");
        }
      }
    }
    return files;
  }
}
