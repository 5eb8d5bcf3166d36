package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a client of the hub remembers of one file of a local dir. Source: huggingface_hub {@code
 * _local_folder.py}.
 *
 * @param commit that the file was fetched at
 */
public record Remembered(RepoPath path, Commit commit, BlobId blob) {
  private static final String SUFFIX = ".metadata";

  /**
   * All that is remembered in a local dir, by path; notes that cannot be understood are left out.
   */
  public static List<Remembered> in(Path folder) {
    Path notes = folder.resolve(".cache").resolve("huggingface").resolve("download");
    if (!Files.isDirectory(notes)) {
      return List.of();
    }
    List<Remembered> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(notes)) {
      for (Path file : files.sorted().toList()) {
        String name = notes.relativize(file).toString();
        if (name.endsWith(SUFFIX) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          read(file, name.substring(0, name.length() - SUFFIX.length())).ifPresent(all::add);
        }
      }
    } catch (IOException e) {
      throw StorageFailure.of(e, "list the folder", notes);
    } catch (UncheckedIOException e) {
      throw StorageFailure.of(new IOException(e), "list the folder", notes);
    }
    return all;
  }

  private static Optional<Remembered> read(Path file, String path) throws IOException {
    List<String> lines;
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(1000), StandardCharsets.ISO_8859_1);
      lines = text.lines().map(String::strip).toList();
    }
    if (lines.size() < 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Remembered(new RepoPath(path), new Commit(lines.get(0)), BlobId.of(lines.get(1))));
    } catch (IllegalArgumentException | FailureException e) {
      return Optional.empty();
    }
  }
}
