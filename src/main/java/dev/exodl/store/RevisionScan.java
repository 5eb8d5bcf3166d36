package dev.exodl.store;

import dev.exodl.model.Commit;
import dev.exodl.model.Hex;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one snapshot folder: what its entries lead to. */
final class RevisionScan extends SimpleFileVisitor<Path> {
  private final RepoFolder repo;
  private final Set<Path> blobs = new HashSet<>();
  private final List<Path> broken = new ArrayList<>();
  private int files;
  private long bytes;
  private long ownBytes;
  private Instant modified = Instant.EPOCH;

  private RevisionScan(RepoFolder repo) {
    this.repo = repo;
  }

  /** All revisions of a repo that have a snapshot folder, by commit. */
  static List<CachedRepo.CachedRevision> of(RepoFolder repo) throws IOException {
    Map<String, List<String>> refs = refs(repo);
    List<CachedRepo.CachedRevision> revisions = new ArrayList<>();
    for (Path snapshot : snapshots(repo)) {
      RevisionScan scan = new RevisionScan(repo);
      scan.modified = CacheScan.attributes(snapshot).lastModifiedTime().toInstant();
      Files.walkFileTree(snapshot, scan);
      String commit = CacheScan.name(snapshot);
      revisions.add(
          new CachedRepo.CachedRevision(
              new Commit(commit),
              snapshot,
              refs.getOrDefault(commit, List.of()),
              scan.files,
              scan.bytes,
              scan.ownBytes,
              scan.blobs,
              scan.broken,
              scan.modified));
    }
    return revisions;
  }

  private static List<Path> snapshots(RepoFolder repo) {
    return CacheScan.list(repo.snapshots()).stream()
        .filter(p -> Hex.is(CacheScan.name(p), 40))
        .filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  /** Names of refs by the commit they hold. */
  private static Map<String, List<String>> refs(RepoFolder repo) throws IOException {
    Map<String, List<String>> refs = new HashMap<>();
    if (!Files.isDirectory(repo.refs(), LinkOption.NOFOLLOW_LINKS)) {
      return refs;
    }
    try (var walk = Files.walk(repo.refs())) {
      for (Path ref : walk.sorted().toList()) {
        if (Files.isRegularFile(ref, LinkOption.NOFOLLOW_LINKS)) {
          String name = repo.refs().relativize(ref).toString();
          Refs.commit(ref)
              .ifPresent(c -> refs.computeIfAbsent(c.hex(), k -> new ArrayList<>()).add(name));
        }
      }
    }
    return refs;
  }

  @Override
  public FileVisitResult visitFile(Path entry, BasicFileAttributes found) throws IOException {
    files++;
    BasicFileAttributes content = found;
    if (found.isSymbolicLink()) {
      Path blob = entry.resolveSibling(Files.readSymbolicLink(entry)).normalize();
      if (!repo.blobs().equals(blob.getParent())
          || !Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)) {
        broken.add(entry);
        return FileVisitResult.CONTINUE;
      }
      blobs.add(blob);
      content = CacheScan.attributes(blob);
    } else {
      ownBytes += found.size();
    }
    bytes += content.size();
    Instant written = content.lastModifiedTime().toInstant();
    modified = written.isAfter(modified) ? written : modified;
    return FileVisitResult.CONTINUE;
  }
}
