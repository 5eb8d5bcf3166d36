package dev.exodl.toolchain;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipException;

/**
 * The image's class path as the {@code java} command would see it: {@code folder/*} stands for the
 * jars in a folder, a manifest's {@code Class-Path} follows its jar, each entry counts once and
 * entries that are not there do not count.
 *
 * @param entries folders and jars, absolute
 */
record ClassPath(List<Path> entries) {

  ClassPath {
    entries = List.copyOf(entries);
  }

  static ClassPath of(Request.Build build) throws IOException {
    var given = new ArrayList<>(build.classPath());
    build.jar().ifPresent(given::add);
    if (given.isEmpty()) {
      given.add(build.folder());
    }
    var seen = new LinkedHashSet<Path>();
    for (var entry : given) {
      for (var path : jarsOf(entry)) {
        follow(path, seen);
      }
    }
    return new ClassPath(List.copyOf(seen));
  }

  /**
   * The main attributes of a jar's manifest, none when it has no manifest.
   *
   * @throws UsageException when the file is no jar
   */
  static Attributes manifest(Path jar) throws IOException {
    if (!Files.isRegularFile(jar)) {
      throw new UsageException("jar %s is not there".formatted(jar));
    }
    try (var file = new JarFile(jar.toFile())) {
      var manifest = file.getManifest();
      return manifest == null ? new Attributes() : manifest.getMainAttributes();
    } catch (ZipException e) {
      throw new UsageException("%s is no jar: %s".formatted(jar, e.getMessage()));
    }
  }

  private static List<Path> jarsOf(Path entry) throws IOException {
    if (!entry.endsWith("*")) {
      return List.of(entry);
    }
    var folder = entry.getParent();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(it -> it.toString().toLowerCase().endsWith(".jar")).sorted().toList();
    }
  }

  /** Adds an entry, and behind it what its manifest names. */
  private static void follow(Path first, LinkedHashSet<Path> seen) throws IOException {
    var open = new ArrayDeque<Path>();
    open.push(first);
    while (!open.isEmpty()) {
      var entry = open.pop().toAbsolutePath().normalize();
      if (!Files.exists(entry) || !seen.add(entry) || Files.isDirectory(entry)) {
        continue;
      }
      var named = manifest(entry).getValue(Attributes.Name.CLASS_PATH);
      var next = named == null ? List.<String>of() : List.of(named.strip().split("\\s+"));
      for (var name : next.reversed()) {
        var uri = name.isEmpty() ? null : entry.toUri().resolve(URI.create(name));
        if (uri != null && "file".equals(uri.getScheme())) {
          open.push(Path.of(uri));
        }
      }
    }
  }
}
