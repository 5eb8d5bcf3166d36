package dev.exodl.toolchain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A folder or a jar with classes and resources; resources are named with slashes, none in front.
 */
sealed interface ClassPathEntry {

  Path path();

  /** All resources in a folder and those below, sorted by name. */
  List<String> resourcesUnder(String folder) throws IOException;

  String text(String resource) throws IOException;

  Origin origin(String resource);

  /**
   * A line for each resource that says its name and what is in it, whatever the times of the files.
   */
  List<String> fingerprint() throws IOException;

  static ClassPathEntry at(Path path) {
    return Files.isDirectory(path) ? new Folder(path) : new Jar(path);
  }

  /** A folder. */
  record Folder(Path path) implements ClassPathEntry {

    @Override
    public List<String> resourcesUnder(String folder) throws IOException {
      var top = path.resolve(folder);
      if (!Files.isDirectory(top)) {
        return List.of();
      }
      try (var files = Files.walk(top)) {
        return files
            .filter(Files::isRegularFile)
            .map(it -> path.relativize(it).toString())
            .sorted()
            .toList();
      }
    }

    @Override
    public String text(String resource) throws IOException {
      return Files.readString(path.resolve(resource));
    }

    @Override
    public Origin origin(String resource) {
      return Origin.file(path.resolve(resource));
    }

    @Override
    public List<String> fingerprint() throws IOException {
      var lines = new ArrayList<String>();
      for (var resource : resourcesUnder("")) {
        var bytes = Files.readAllBytes(path.resolve(resource));
        var crc = new CRC32();
        crc.update(bytes);
        lines.add("%s %d %x".formatted(resource, bytes.length, crc.getValue()));
      }
      return lines;
    }
  }

  /** A jar. */
  record Jar(Path path) implements ClassPathEntry {

    @Override
    public List<String> resourcesUnder(String folder) throws IOException {
      try (var zip = new ZipFile(path.toFile())) {
        return zip.stream()
            .filter(it -> !it.isDirectory())
            .map(ZipEntry::getName)
            .filter(it -> it.startsWith(folder))
            .sorted()
            .toList();
      }
    }

    @Override
    public String text(String resource) throws IOException {
      try (var zip = new ZipFile(path.toFile());
          var in = zip.getInputStream(zip.getEntry(resource))) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    @Override
    public Origin origin(String resource) {
      return Origin.entry(path, resource);
    }

    @Override
    public List<String> fingerprint() throws IOException {
      try (var zip = new ZipFile(path.toFile())) {
        return zip.stream()
            .filter(it -> !it.isDirectory())
            .map(it -> "%s %d %x".formatted(it.getName(), it.getSize(), it.getCrc()))
            .sorted()
            .toList();
      }
    }
  }
}
