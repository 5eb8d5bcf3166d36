package dev.exodl.cli.complete;

import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.store.CachedNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The repos of caches as they can be written on a command line.
 *
 * @param type what {@code --repo-type} said: then ids stand without their type
 */
record RepoNames(List<Path> caches, Optional<RepoType> type) {
  private static final String HF = "hf://";

  /** Those that go on from what is typed: repos, and after an {@code @} the revisions of one. */
  List<String> beginningWith(String typed) {
    int at = typed.indexOf('@');
    if (at < 0) {
      return repos(typed).map(Named::name).filter(name -> name.startsWith(typed)).toList();
    }
    String before = typed.substring(0, at);
    return repos(typed)
        .filter(named -> named.name().equals(before))
        .flatMap(named -> revisions(named.repo(), typed.startsWith(HF)))
        .map(revision -> before + "@" + revision)
        .filter(name -> name.startsWith(typed))
        .toList();
  }

  private record Named(String name, Repo repo) {}

  private Stream<Named> repos(String typed) {
    boolean address = typed.startsWith(HF);
    List<Named> all = new ArrayList<>();
    for (Repo repo : names()) {
      if (address) {
        all.add(new Named(HF + repo, repo));
      } else if (type.isPresent()) {
        if (repo.type() == type.get()) {
          all.add(new Named(repo.id(), repo));
        }
      } else if (repo.type() == RepoType.MODEL || repo.id().contains("/")) {
        // "datasets/squad" would be the model "squad" of somebody called "datasets".
        all.add(new Named(repo.toString(), repo));
      }
    }
    return all.stream();
  }

  private List<Repo> names() {
    return caches.stream().flatMap(c -> CachedNames.repos(c).stream()).distinct().toList();
  }

  /** In an address a slash ends the revision, but for those that the hub knows by their start. */
  private Stream<String> revisions(Repo repo, boolean address) {
    return caches.stream()
        .flatMap(cache -> CachedNames.revisions(cache, repo).stream())
        .distinct()
        .filter(RepoNames::harmless)
        .filter(r -> !address || !r.contains("/") || r.matches("refs/(convert|pr)/[^/]+"));
  }

  /**
   * Whether a shell takes the name as it is. A folder of refs may hold anything, and whoever fills
   * it must not write on somebody's command line; the hub's own names are of these characters.
   */
  private static boolean harmless(String revision) {
    return revision
            .codePoints()
            .allMatch(c -> Character.isLetterOrDigit(c) || "._/+-".indexOf(c) >= 0)
        && !revision.startsWith("-");
  }
}
