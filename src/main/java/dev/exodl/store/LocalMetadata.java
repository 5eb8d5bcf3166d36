package dev.exodl.store;

import dev.exodl.model.Commit;
import dev.exodl.model.RepoFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * What Hugging Face's clients remember of a local dir's files. Source: huggingface_hub {@code
 * _local_folder.py}.
 */
final class LocalMetadata {
  private static final byte[] TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This folder holds what download tools remember; back-ups may leave it out.
      # See https://bford.info/cachedir/
      """
          .getBytes(StandardCharsets.US_ASCII);

  private static final String ENDING = ".metadata";

  /** Of a file, in bytes: Linux' NAME_MAX. */
  private static final int LONGEST_NAME = 255;

  private final Fence fence;
  private final Placing placing;

  LocalMetadata(Fence fence, Placing placing) {
    this.fence = fence;
    this.placing = placing;
  }

  Path folder() {
    return fence.root().resolve(".cache").resolve("huggingface");
  }

  void makeFolders() {
    fence.folder(folder());
    placing.tag(folder().resolve(".gitignore"), "*".getBytes(StandardCharsets.US_ASCII));
    placing.tag(folder().resolve("CACHEDIR.TAG"), TAG);
  }

  private Path of(RepoFile file) {
    return folder().resolve("download").resolve(file.path().value() + ENDING);
  }

  /** Whether file systems take the name that the file's metadata has, as they do not all names. */
  private static boolean canBeNamed(RepoFile file) {
    String name = file.path().names().getLast() + ENDING;
    return name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
  }

  /**
   * Where a client's broken download of the file may be: as of huggingface_hub 0.26 to 1.17, and as
   * before.
   */
  List<Path> incomplete(RepoFile file) {
    Path metadata = of(file);
    String name = file.path().names().getLast();
    String etag = file.blob().hex();
    return List.of(
        metadata.resolveSibling(shortHash(name + ENDING) + "." + etag + ".incomplete"),
        metadata.resolveSibling(name + "." + etag + ".incomplete"));
  }

  private static String shortHash(String name) {
    try {
      byte[] sha1 =
          MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(sha1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** Whether the file was remembered with this blob and not touched since. */
  boolean fits(RepoFile file, BasicFileAttributes found) {
    if (!canBeNamed(file)) {
      return false;
    }
    Path path = of(file);
    if (fence.look(path).filter(m -> m.isRegularFile()).isEmpty()) {
      return false;
    }
    List<String> lines;
    try (var in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      lines =
          new String(in.readNBytes(1000), StandardCharsets.ISO_8859_1)
              .lines()
              .map(String::strip)
              .toList();
    } catch (IOException e) {
      throw StorageFailure.of(e, "read", path);
    }
    if (lines.size() < 3 || !lines.get(1).equals(file.blob().hex())) {
      return false;
    }
    try {
      double remembered = Double.parseDouble(lines.get(2));
      return found.lastModifiedTime().toMillis() / 1000.0 - 1 <= remembered;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * Remembers that the file as it is now has the right content. Nothing is remembered of a file
   * whose metadata cannot be named: each run reads it.
   */
  void write(RepoFile file, Commit commit) {
    if (!canBeNamed(file)) {
      return;
    }
    Path at = fence.root().resolve(file.path().value());
    // Not the clock alone: it may be behind that of the file system.
    long now = fence.look(at).map(f -> f.lastModifiedTime().toMillis()).orElse(0L);
    now = Math.max(now, System.currentTimeMillis());
    String time = String.format(Locale.ROOT, "%d.%03d", now / 1000, now % 1000);
    String text = commit.hex() + "\n" + file.blob().hex() + "\n" + time + "\n";
    placing.text(of(file), text.getBytes(StandardCharsets.US_ASCII), false);
  }
}
