package dev.exodl.store;

import dev.exodl.model.FailureException;
import dev.exodl.model.Hex;
import dev.exodl.model.Repo;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Names only, without a look at what is in a repo: quick however much the cache holds. A {@link
 * CacheScan} reads all of it.
 */
public final class CachedNames {
  private static final int DEEPEST_REF = 8;

  private CachedNames() {}

  /**
   * The repos by type and id; a cache that does not exist has none.
   *
   * @throws FailureException storage failure when the cache's folder cannot be read
   */
  public static List<Repo> repos(Path cacheRoot) {
    return CacheScan.list(new Fence(cacheRoot).root()).stream()
        .flatMap(
            folder -> CacheScan.named(CacheScan.name(folder)).stream().filter(r -> real(folder)))
        .sorted(Comparator.comparing(Repo::type).thenComparing(Repo::id))
        .toList();
  }

  /**
   * The refs of a repo and the commits that there are snapshots of, refs first.
   *
   * @throws FailureException storage failure when a folder cannot be read
   */
  public static List<String> revisions(Path cacheRoot, Repo repo) {
    RepoFolder folder = RepoFolder.of(new Fence(cacheRoot).root(), repo);
    Set<String> refs = new TreeSet<>();
    if (real(folder.refs())) {
      refs(folder.refs(), refs);
    }
    List<String> commits =
        CacheScan.list(folder.snapshots()).stream()
            .map(CacheScan::name)
            .filter(name -> Hex.is(name, 40))
            .toList();
    return Stream.concat(refs.stream(), commits.stream()).toList();
  }

  private static void refs(Path root, Set<String> into) {
    try {
      Files.walkFileTree(
          root,
          Set.of(),
          DEEPEST_REF,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path ref, BasicFileAttributes found) {
              if (found.isRegularFile()) {
                into.add(root.relativize(ref).toString());
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw StorageFailure.of(e, "list the refs", root);
    }
  }

  private static boolean real(Path folder) {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }
}
