package dev.exodl.store;

import dev.exodl.model.BlobId;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Walks folders of other programs for files that have a wanted size, and for unfinished downloads
 * in other caches. Links are followed, since snapshots are made of them; a folder that cannot be
 * read is passed over.
 */
final class Folders extends SimpleFileVisitor<Path> {
  private static final int DEEPEST = 24;

  /**
   * As download programs name what is not whole, or may be written to again, and as we name what
   * has holes.
   */
  private static final Pattern UNFINISHED =
      Pattern.compile(
          ".*(\\.incomplete|\\.partial|-partial(-[0-9]+)?|\\.downloadInProgress|\\.part|\\.tmp"
              + "|\\.partial(-[0-9]+-of-[0-9]+)?\\.(safetensors|gguf))");

  private final Set<Long> sizes;
  private final Set<BlobId> blobs;
  private final Set<Object> walked = new HashSet<>();
  private final Set<Object> met = new HashSet<>();
  private final Map<Long, List<Path>> bySize = new HashMap<>();
  private final Map<BlobId, List<Path>> parts = new HashMap<>();

  Folders(Set<Long> sizes, Set<BlobId> blobs) {
    this.sizes = sizes;
    this.blobs = blobs;
  }

  void walk(Path folder) {
    try {
      Files.walkFileTree(
          folder.toRealPath(), EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, this);
    } catch (IOException e) {
      // It is not there, or was taken away meanwhile.
    }
  }

  /** Files of this size, by their real paths. */
  List<Path> ofSize(long size) {
    return bySize.getOrDefault(size, List.of());
  }

  /**
   * Unfinished downloads by what they are of: folders of ours, and files of Hugging Face's clients.
   */
  Map<BlobId, List<Path>> parts() {
    return parts;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes found) {
    // Stores lie in each other, and links to folders may lead to each by millions of ways.
    if (found.fileKey() != null && !walked.add(found.fileKey())) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    String name = CacheScan.name(folder);
    boolean local =
        name.equals("exo-dl")
            && folder.getParent() != null
            && folder.getParent().endsWith(".cache");
    if (name.equals(RepoFolder.WORKSHOP) || local) {
      // What is in there has its full length from the start, and holes.
      workshop(folder);
      return FileVisitResult.SKIP_SUBTREE;
    }
    return FileVisitResult.CONTINUE;
  }

  private void workshop(Path folder) {
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Names.PART.matcher(CacheScan.name(entry)).matches()
            && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          BlobId blob = BlobId.of(Names.blob(CacheScan.name(entry)).orElseThrow());
          if (blobs.contains(blob)) {
            parts.computeIfAbsent(blob, b -> new ArrayList<>()).add(entry);
          }
        }
      }
    } catch (IOException e) {
      // Passed over.
    }
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
    if (found.isRegularFile() && found.size() > 0) {
      Names.incomplete(CacheScan.name(file))
          .filter(blobs::contains)
          .ifPresent(blob -> parts.computeIfAbsent(blob, b -> new ArrayList<>()).add(file));
    }
    if (found.isRegularFile()
        && sizes.contains(found.size())
        && !UNFINISHED.matcher(CacheScan.name(file)).matches()) {
      try {
        Path real = file.toRealPath();
        // The same file may be met by many links.
        if (met.add(Objects.requireNonNullElse(found.fileKey(), real))) {
          bySize.computeIfAbsent(found.size(), s -> new ArrayList<>()).add(real);
        }
      } catch (IOException e) {
        // Gone meanwhile.
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(
      Path folder, @org.jspecify.annotations.Nullable IOException e) {
    return FileVisitResult.CONTINUE;
  }
}
