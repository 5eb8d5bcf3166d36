package dev.exodl.download;

import dev.exodl.download.ShardManifest.Held;
import dev.exodl.download.VerifyResult.Verdict;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.store.CacheScan;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.CachedRepo;
import dev.exodl.store.Caches;
import dev.exodl.store.LocalDirTarget;
import dev.exodl.store.Refs;
import dev.exodl.store.Remembered;
import dev.exodl.store.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out which files are to be read and which hash each should have. */
final class FilesToVerify {
  private final SyncSettings settings;
  private final SyncVoice voice;

  FilesToVerify(SyncSettings settings, SyncVoice voice) {
    this.settings = settings;
    this.voice = voice;
  }

  /**
   * One file.
   *
   * @param content what is read: the blob where {@code path} is a link to it
   * @param blob null when its verdict is known without reading
   * @param size in bytes that it should have
   * @param ranges what it has, each with its hash; empty where the blob tells of all of it
   */
  record Expected(
      String snapshot,
      String name,
      Path path,
      Path content,
      @Nullable BlobId blob,
      long size,
      @Nullable Verdict verdict,
      List<Held> ranges) {
    Expected(
        String snapshot,
        String name,
        Path path,
        Path content,
        @Nullable BlobId blob,
        long size,
        @Nullable Verdict verdict) {
      this(snapshot, name, path, content, blob, size, verdict, List.of());
    }
  }

  List<Expected> of(VerifyRequest request) {
    return switch (request) {
      case VerifyRequest.WholeCache(Caches caches) ->
          caches.all().stream().flatMap(root -> oneOf(caches, root).stream()).toList();
      case VerifyRequest.Snapshot one -> {
        List<Expected> files = snapshot(one);
        yield one.place() instanceof SyncRequest.Place.LocalDir dir
            ? withShard(dir.folder(), files, Optional.of(one.repo()))
            : files;
      }
      case VerifyRequest.Remembered(Path folder) ->
          withShard(folder, remembered(folder), Optional.empty());
    };
  }

  /**
   * What was made of some layers is none of the repo's files: its manifest tells the hashes.
   *
   * @param listed the repo whose listing tells of the files; empty when it is the folder's own word
   */
  private static List<Expected> withShard(
      Path folder, List<Expected> files, Optional<Repo> listed) {
    if (!ShardManifest.isThere(folder)) {
      return files;
    }
    List<Expected> all = new ArrayList<>();
    ShardManifest manifest = ShardManifest.in(folder).orElse(null);
    if (manifest == null) {
      all.addAll(files);
      Path path = folder.resolve(ShardManifest.NAME);
      String why = "cannot be understood, so that nobody can tell what of a shard is here";
      all.add(known(folder.toString(), ShardManifest.NAME, path, new Verdict.Wrong(why)));
      return all;
    }
    if (listed.isPresent() && !manifest.isOf(listed.get())) {
      return files;
    }
    files.stream().filter(f -> !manifest.made(f.name())).forEach(all::add);
    if (manifest.index().isPresent() && manifest.indexHash().isPresent()) {
      all.add(whole(folder, manifest.index().get(), manifest.indexHash().get()));
    }
    for (ShardManifest.Entry file : manifest.files()) {
      String name = file.path().value();
      Path path = folder.resolve(name);
      String snapshot = folder.toString();
      boolean there = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
      all.add(
          there && !file.ranges().isEmpty()
              ? new Expected(
                  snapshot,
                  name,
                  path,
                  path,
                  file.ranges().getFirst().sha256(),
                  file.size(),
                  null,
                  file.ranges())
              : known(snapshot, name, path, new Verdict.Missing()));
    }
    return all;
  }

  /** A cache that is only read and cannot be holds nothing. */
  private List<Expected> oneOf(Caches caches, Path root) {
    try {
      return wholeCache(root);
    } catch (FailureException e) {
      if (!caches.others().contains(root)) {
        throw e;
      }
      voice.warn(e.failure().line());
      return List.of();
    }
  }

  private List<Expected> wholeCache(Path root) {
    List<Expected> files = new ArrayList<>();
    var listing = CacheScan.scan(root);
    listing.warnings().forEach(voice::warn);
    for (CachedRepo repo : listing.repos()) {
      for (CachedRepo.CachedRevision revision : repo.revisions()) {
        Target target = new CacheTarget(root, repo.repo(), revision.commit(), true);
        Map<String, RepoFile> kept = new HashMap<>();
        target.listing().ifPresent(all -> all.forEach(f -> kept.put(f.path().value(), f)));
        String name = repo.repo() + "@" + revision.commit().brief();
        for (Path path : filesBelow(revision.path())) {
          String file = revision.path().relativize(path).toString();
          files.add(cached(name, file, path, kept.get(file)));
        }
      }
      for (CachedRepo.Unlinked blob : repo.unlinked()) {
        files.add(
            blob(
                repo.repo() + "",
                String.valueOf(blob.path().getFileName()),
                blob.path(),
                blob.path(),
                null));
      }
    }
    return files;
  }

  /** A snapshot's entry: a link to a blob, or a real file where there are no links. */
  private static Expected cached(
      String snapshot, String name, Path path, @Nullable RepoFile listed) {
    if (Files.isSymbolicLink(path)) {
      try {
        Path content = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
        return blob(snapshot, name, path, content, listed);
      } catch (IOException e) {
        return known(snapshot, name, path, new Verdict.Wrong("cannot be read: " + e.getMessage()));
      }
    }
    if (listed == null) {
      return known(
          snapshot,
          name,
          path,
          new Verdict.Unknown("no listing of its commit was kept; verify the repo to ask the hub"));
    }
    return new Expected(snapshot, name, path, path, listed.blob(), listed.size(), null);
  }

  private static Expected blob(
      String snapshot, String name, Path path, Path content, @Nullable RepoFile listed) {
    BlobId named;
    long size;
    try {
      named = BlobId.of(String.valueOf(content.getFileName()));
      size = Files.size(content);
    } catch (IllegalArgumentException e) {
      return known(snapshot, name, path, new Verdict.Wrong("links to what is no blob: " + content));
    } catch (IOException e) {
      return known(snapshot, name, path, new Verdict.Wrong("its blob is not there: " + content));
    }
    if (listed != null && !listed.blob().equals(named)) {
      return known(
          snapshot,
          name,
          path,
          new Verdict.Wrong("links to another blob than the hub's listing says"));
    }
    return new Expected(
        snapshot, name, path, content, named, listed == null ? size : listed.size(), null);
  }

  private static Expected known(String snapshot, String name, Path path, Verdict verdict) {
    return new Expected(snapshot, name, path, path, null, -1, verdict);
  }

  private List<Expected> snapshot(VerifyRequest.Snapshot request) {
    HubQuestions hub = new HubQuestions(new HubClient(settings.hub(), voice), voice);
    Commit commit = commit(request, hub);
    Target target = target(request, commit);
    if (!Files.isDirectory(target.root())) {
      throw new FailureException(
          new Failure.NotFound(
              request.repo() + " at " + request.revision() + " is not on this machine",
              target.root().toString(),
              "fetch it with: exo-dl sync " + request.repo()));
    }
    String name = request.repo() + "@" + commit.brief();
    List<RepoFile> listing =
        (request.offline() ? target.listing() : target.listingOfHub())
            .orElseGet(() -> listing(request, target, commit, hub));
    Set<Path> listed = new HashSet<>();
    List<Expected> files = new ArrayList<>();
    boolean beside = request.place() instanceof SyncRequest.Place.LocalDir;
    for (RepoFile file : listing) {
      if (beside && ChooseFiles.isState(file.path().value())) {
        // What is there is the dir's state, not the repo's file.
        continue;
      }
      Path path = target.visible(file);
      listed.add(path);
      String shown = file.path().value();
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        files.add(known(name, shown, path, new Verdict.Missing()));
      } else {
        files.add(cached(name, shown, path, file));
      }
    }
    if (request.place() instanceof SyncRequest.Place.Cache) {
      for (Path path : filesBelow(target.root())) {
        if (!listed.contains(path)) {
          String shown = target.root().relativize(path).toString();
          files.add(known(name, shown, path, new Verdict.Unknown("its commit has no such file")));
        }
      }
    }
    return files;
  }

  private static List<RepoFile> listing(
      VerifyRequest.Snapshot request, Target target, Commit commit, HubQuestions hub) {
    if (request.offline()) {
      throw new FailureException(
          new Failure.NotFound(
              "no listing of " + request.repo() + " at " + request.revision() + " was kept here",
              target.root().toString(),
              "run without --offline (or HF_HUB_OFFLINE) to ask the hub"));
    }
    return hub.list(request.repo(), commit).stream().map(ListedFile::checked).toList();
  }

  private Target target(VerifyRequest.Snapshot request, Commit commit) {
    return switch (request.place()) {
      case SyncRequest.Place.Cache cache -> inCaches(cache.caches(), request.repo(), commit);
      case SyncRequest.Place.LocalDir dir ->
          new LocalDirTarget(dir.folder(), dir.cacheRoot(), request.repo(), commit);
    };
  }

  /** Where it is whole, else where something of it is; the cache that receives goes first. */
  private Target inCaches(Caches caches, Repo repo, Commit commit) {
    Target receives = new CacheTarget(caches.root(), repo, commit, settings.noLinks());
    Tiers tiers = new Tiers(caches, repo);
    if (receives.listing().map(all -> Tiers.hasAll(receives, all)).orElse(false)) {
      return receives;
    }
    Optional<List<RepoFile>> listing = receives.listing().or(() -> tiers.listing(commit));
    List<CacheTarget> whole = listing.map(all -> tiers.whole(commit, all)).orElse(List.of());
    if (!whole.isEmpty()) {
      return whole.getFirst();
    }
    return Files.isDirectory(receives.root())
        ? receives
        : tiers.snapshot(commit).<Target>map(t -> t).orElse(receives);
  }

  /**
   * The commit that was last seen here. Of a local dir only when offline: other clients bring it to
   * other commits and keep no ref there.
   */
  private static Commit commit(VerifyRequest.Snapshot request, HubQuestions hub) {
    Optional<Commit> here =
        switch (request.place()) {
          case SyncRequest.Place.Cache cache ->
              new Tiers(cache.caches(), request.repo())
                  .seen(request.revision()).stream().findFirst();
          case SyncRequest.Place.LocalDir dir ->
              request.revision().isCommit() || request.offline()
                  ? Refs.inLocalDir(dir.folder(), request.repo(), request.revision())
                  : Optional.empty();
        };
    return here.orElseGet(
        () -> {
          if (request.offline()) {
            throw new FailureException(
                new Failure.NotFound(
                    "revision "
                        + request.revision()
                        + " of "
                        + request.repo()
                        + " is not known here",
                    "this machine",
                    "give a commit with @COMMIT, or run without --offline"));
          }
          return hub.resolve(request.repo(), request.revision(), true);
        });
  }

  private List<Expected> remembered(Path folder) {
    List<Remembered> all = Remembered.in(folder);
    if (all.isEmpty() && !ShardManifest.isThere(folder)) {
      throw new FailureException(
          new Failure.NotFound(
              "no client of the hub has kept notes about files here",
              folder.toString(),
              "name the repo to verify it against the hub's listing"));
    }
    List<Expected> files = new ArrayList<>();
    for (Remembered file : all) {
      files.add(whole(folder, file.path(), file.blob()));
    }
    return files;
  }

  private static Expected whole(Path folder, RepoPath file, BlobId blob) {
    Path path = folder.resolve(file.value());
    String name = file.value();
    try {
      return new Expected(folder.toString(), name, path, path, blob, Files.size(path), null);
    } catch (IOException e) {
      return known(folder.toString(), name, path, new Verdict.Missing());
    }
  }

  private static List<Path> filesBelow(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new FailureException(
          new Failure.Storage(
              "cannot list the folder: " + e.getMessage(),
              folder.toString(),
              "check its permissions"),
          e);
    }
  }
}
