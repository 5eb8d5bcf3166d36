package dev.exodl.toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The toolchain's folder: a JDK with the builder in it.
 *
 * @param folder absolute
 * @param version what it says about itself
 */
record Home(Path folder, Version version) {

  /**
   * Opens a home.
   *
   * @throws UsageException when the folder is none
   */
  static Home at(Path folder) throws IOException {
    var absolute = folder.toAbsolutePath().normalize();
    var properties = absolute.resolve("lib/svm/version.properties");
    if (!Files.isRegularFile(properties)) {
      throw new UsageException(
          "%s is no toolchain: it has no lib/svm/version.properties".formatted(absolute));
    }
    return new Home(absolute, Version.read(properties));
  }

  Path java() {
    return folder.resolve("bin/java");
  }

  /** The builder's module path: every jar but the compiler's. */
  List<Path> builderJars() throws IOException {
    return jars("lib/svm/builder");
  }

  /**
   * The builder's upgrade module path: the compiler, which takes the place of the JDK's module of
   * that name.
   */
  List<Path> compilerJars() throws IOException {
    return jars("lib/svm/compiler");
  }

  /** Where the C libraries and headers of the image's own runtime lie, the nearest first. */
  List<Path> libraryFolders() {
    return Stream.of("linux-amd64/glibc", "linux-amd64", "")
        .map(folder.resolve("lib/svm/clibraries")::resolve)
        .map(Path::normalize)
        .filter(Files::isDirectory)
        .toList();
  }

  /**
   * Whether images can ask for a container's limits: that needs native functions a home may lack.
   */
  boolean knowsContainers() {
    return libraryFolders().stream()
        .anyMatch(it -> Files.isRegularFile(it.resolve("libsvm_container.a")));
  }

  private List<Path> jars(String name) throws IOException {
    var of = folder.resolve(name);
    try (var files = Files.list(of)) {
      var jars = files.filter(it -> it.toString().endsWith(".jar")).sorted().toList();
      if (!jars.isEmpty()) {
        return jars;
      }
    } catch (NoSuchFileException e) {
      // Said below: a missing folder and an empty one mean the same.
    }
    throw new UsageException(
        "the toolchain is not whole: no jars in %s; assemble it again".formatted(of));
  }
}
