package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.FailureException;
import dev.exodl.model.Hex;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Lists what a cache holds. Only looks; follows no links out of a repo. */
public final class CacheScan {
  private final List<String> warnings = new ArrayList<>();

  private CacheScan() {}

  /**
   * Scans all repos; a cache that does not exist is empty.
   *
   * @throws FailureException storage failure when the cache's folder cannot be read
   */
  public static CacheListing scan(Path cacheRoot) {
    Fence fence = new Fence(cacheRoot);
    CacheScan scan = new CacheScan();
    List<CachedRepo> repos = new ArrayList<>();
    for (Path folder : list(fence.root())) {
      try {
        scan.repo(folder).ifPresent(repos::add);
      } catch (FailureException e) {
        // One repo that cannot be read does not hide the others.
        scan.warnings.add(Printable.of(folder + " could not be read: " + e.failure().line()));
      }
    }
    repos.sort(
        Comparator.comparing((CachedRepo r) -> r.repo().type()).thenComparing(r -> r.repo().id()));
    return new CacheListing(fence.root(), repos, scan.warnings);
  }

  /** Scans one repo; empty when the cache does not have it. */
  public static Optional<CachedRepo> scan(Path cacheRoot, Repo repo) {
    Path folder = RepoFolder.of(new Fence(cacheRoot).root(), repo).path();
    return new CacheScan().repo(folder);
  }

  private Optional<CachedRepo> repo(Path folder) {
    String name = name(folder);
    if (!name.contains("--") || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    if (Files.isSymbolicLink(folder)) {
      warnings.add(Printable.of(folder + " is a symbolic link and is left alone"));
      return Optional.empty();
    }
    Optional<Repo> repo = named(name);
    if (repo.isEmpty()) {
      warnings.add(Printable.of(folder + " is not named as a repo is"));
      return Optional.empty();
    }
    try {
      return Optional.of(read(repo.get(), new RepoFolder(folder)));
    } catch (IOException e) {
      warnings.add(Printable.of(folder + " could not be read: " + e));
      return Optional.empty();
    }
  }

  /** The repo that a folder of a cache is named after. */
  static Optional<Repo> named(String folder) {
    for (RepoType type : RepoType.values()) {
      String prefix = type.plural() + "--";
      if (folder.startsWith(prefix)) {
        try {
          return Optional.of(new Repo(type, folder.substring(prefix.length()).replace("--", "/")));
        } catch (FailureException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private CachedRepo read(Repo repo, RepoFolder folder) throws IOException {
    List<CachedRepo.CachedRevision> revisions = RevisionScan.of(folder);
    Set<Path> linked = new HashSet<>();
    revisions.forEach(revision -> linked.addAll(revision.blobs()));
    List<CachedRepo.Unlinked> unlinked = new ArrayList<>();
    List<CachedRepo.Unfinished> unfinished = new ArrayList<>(parts(folder));
    long bytes = revisions.stream().mapToLong(CachedRepo.CachedRevision::ownBytes).sum();
    Instant modified = attributes(folder.path()).lastModifiedTime().toInstant();
    for (Path blob : list(folder.blobs())) {
      BasicFileAttributes found = attributes(blob);
      Instant written = found.lastModifiedTime().toInstant();
      modified = written.isAfter(modified) ? written : modified;
      String hex = name(blob);
      if (!found.isRegularFile()) {
        continue;
      }
      if (hex.endsWith(".incomplete") && Names.blob(hex).isPresent()) {
        BlobId id = BlobId.of(Names.blob(hex).orElseThrow());
        unfinished.add(new CachedRepo.Unfinished(id, blob, -1, found.size(), false, written));
      } else if (Hex.is(hex, 64) || Hex.is(hex, 40)) {
        bytes += found.size();
        if (!linked.contains(blob)) {
          unlinked.add(new CachedRepo.Unlinked(blob, found.size(), written));
        }
      }
    }
    return new CachedRepo(repo, folder.path(), bytes, revisions, unlinked, unfinished, modified);
  }

  private static List<CachedRepo.Unfinished> parts(RepoFolder folder) throws IOException {
    List<CachedRepo.Unfinished> parts = new ArrayList<>();
    for (Path entry : list(folder.workshop())) {
      String name = name(entry);
      boolean part = Names.PART.matcher(name).matches() || Names.SILENT.matcher(name).matches();
      if (!part || !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      BlobId blob = BlobId.of(Names.blob(name).orElseThrow());
      PartFolder files = new PartFolder(entry, new Disk(DiskSteps.NONE));
      boolean data = Files.isRegularFile(files.part(), LinkOption.NOFOLLOW_LINKS);
      long size = data ? Files.size(files.part()) : -1;
      long held =
          data ? files.claimed(blob, size).map(c -> c.held().bytes(c.grid())).orElse(0L) : 0;
      Path touched = data ? files.part() : entry;
      Instant modified = attributes(touched).lastModifiedTime().toInstant();
      parts.add(new CachedRepo.Unfinished(blob, entry, size, held, true, modified));
    }
    return parts;
  }

  static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** The entries of a folder by name; none when it is not there or is a link. */
  static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw StorageFailure.of(e, "list the folder", folder);
    }
  }
}
