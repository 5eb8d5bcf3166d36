package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes the files a user asked for out of the listing, and refuses names that could do harm on this
 * disk.
 */
final class ChooseFiles {
  private static final List<String> STATE = List.of(".cache/huggingface/", ".cache/exo-dl/");

  private ChooseFiles() {}

  /**
   * The chosen files, their names checked one by one and against each other; for a local dir
   * without those that would be written where its state is.
   *
   * @param warn told once when files are left out that a pattern or no pattern chose
   * @throws FailureException not-found failure when a file asked for by name is not listed or
   *     nothing matches; integrity failure for a hostile name
   */
  static List<RepoFile> choose(
      SyncRequest request, List<ListedFile> listed, Consumer<String> warn) {
    List<RepoFile> files = choose(request.repo(), listed, request.selection());
    return switch (request.place()) {
      case SyncRequest.Place.Cache cache -> files;
      case SyncRequest.Place.LocalDir dir ->
          besideState(files, Set.copyOf(request.selection().files()), warn);
    };
  }

  private static List<RepoFile> choose(
      Repo repo, List<ListedFile> listed, SyncRequest.Selection selection) {
    List<ListedFile> taken =
        selection.files().isEmpty()
            ? byPattern(listed, selection)
            : byName(repo, listed, selection.files());
    if (taken.isEmpty() && !listed.isEmpty()) {
      throw new FailureException(
          new Failure.NotFound(
              "none of the " + listed.size() + " files matches",
              repo + ": --include " + selection.includes() + " --exclude " + selection.excludes(),
              "patterns match the whole path, * also matches /: try --include '*.safetensors'"));
    }
    List<RepoFile> files =
        taken.stream().map(f -> new RepoFile(new RepoPath(f.path()), f.size(), f.blob())).toList();
    checkTogether(files);
    return files;
  }

  private static List<ListedFile> byPattern(
      List<ListedFile> listed, SyncRequest.Selection selection) {
    List<Glob> includes = selection.includes().stream().map(Glob::new).toList();
    List<Glob> excludes = selection.excludes().stream().map(Glob::new).toList();
    return listed.stream()
        .filter(f -> includes.isEmpty() || includes.stream().anyMatch(g -> g.matches(f.path())))
        .filter(f -> excludes.stream().noneMatch(g -> g.matches(f.path())))
        .toList();
  }

  private static List<ListedFile> byName(Repo repo, List<ListedFile> listed, List<String> names) {
    Set<String> wanted = new HashSet<>(names);
    List<ListedFile> taken =
        listed.stream()
            .filter(
                f ->
                    wanted.contains(f.path())
                        || names.stream().anyMatch(n -> n.endsWith("/") && f.path().startsWith(n)))
            .toList();
    for (String name : names) {
      if (taken.stream()
          .noneMatch(
              f -> f.path().equals(name) || (name.endsWith("/") && f.path().startsWith(name)))) {
        throw new FailureException(
            new Failure.NotFound(
                "no file '" + Printable.of(name) + "'",
                repo.toString(),
                "see what there is with: exo-dl sync " + repo.id() + " --dry-run"));
      }
    }
    return taken;
  }

  private static void checkTogether(List<RepoFile> files) {
    Map<String, String> byFold = new HashMap<>();
    Set<String> folders = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (RepoFile file : files) {
      String path = file.path().value();
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        String folder = path.substring(0, slash);
        folders.add(folder);
        fold(byFold, folder);
      }
    }
    for (RepoFile file : files) {
      String path = file.path().value();
      if (folders.contains(path)) {
        throw hostile(path, "it is a file and a folder at once");
      }
      if (!seen.add(path)) {
        throw hostile(path, "it is listed twice");
      }
      fold(byFold, path);
    }
  }

  /**
   * Repos bring files of a local dir's state, mostly by accident: somebody uploaded a local dir.
   * Written there they could have us believe of other files what is not so. They are refused when
   * they were asked for by name, when nothing else was chosen, and when they stand where a folder
   * of the state has to be.
   */
  private static List<RepoFile> besideState(
      List<RepoFile> files, Set<String> named, Consumer<String> warn) {
    List<RepoFile> kept = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (RepoFile file : files) {
      String path = file.path().value();
      if (!isState(path)) {
        kept.add(file);
      } else if (isBelowState(path) && !named.contains(path)) {
        left.add(path);
      } else {
        throw inState(path);
      }
    }
    if (left.isEmpty()) {
      return files;
    }
    if (kept.isEmpty()) {
      throw inState(left.getFirst());
    }
    warn.accept(
        "left out "
            + left.size()
            + (left.size() == 1 ? " file" : " files")
            + (left.stream().allMatch(ChooseFiles::isManifest)
                ? " where a local dir says what it has of a shard (the first is "
                : " below .cache/huggingface or .cache/exo-dl: a local dir keeps its state there (the"
                    + " first is ")
            + Printable.of(left.getFirst())
            + ")");
    return kept;
  }

  /** Whether a local dir keeps its state at the path; file systems may not tell case apart. */
  static boolean isState(String path) {
    String folded = path.toLowerCase(Locale.ROOT);
    return folded.equals(".cache")
        || isManifest(path)
        || STATE.stream().anyMatch(s -> (folded + "/").startsWith(s));
  }

  /** What is said there is said of the folder: nobody else may say it. */
  private static boolean isManifest(String path) {
    return (path.toLowerCase(Locale.ROOT) + "/").startsWith(ShardManifest.NAME + "/");
  }

  private static boolean isBelowState(String path) {
    return isManifest(path) || STATE.stream().anyMatch(path.toLowerCase(Locale.ROOT)::startsWith);
  }

  private static FailureException inState(String path) {
    return hostile(path, "it is where a local dir keeps its state");
  }

  /** Some file systems take names for the same that differ in case or in Unicode's form only. */
  private static void fold(Map<String, String> byFold, String path) {
    String key = Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    String other = byFold.putIfAbsent(key, path);
    if (other != null && !other.equals(path)) {
      String how = other.equalsIgnoreCase(path) ? "case" : "how its letters are put together";
      throw hostile(path, "it differs from '" + Printable.of(other) + "' only in " + how);
    }
  }

  private static FailureException hostile(String path, String why) {
    return new FailureException(
        new Failure.Integrity(
            "refused the file name '" + Printable.of(path) + "': " + why,
            "the hub's listing",
            "nothing was written; report it to the repo's owner, or leave one out with --exclude"));
  }
}
