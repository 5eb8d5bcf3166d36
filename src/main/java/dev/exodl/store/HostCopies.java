package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Hex;
import dev.exodl.model.RepoFile;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for wanted content in folders of other programs, which are only read. A file is believed
 * when it has the size and then the hash, and did not change while it was read.
 */
public final class HostCopies {
  private static final int BUFFER = 1 << 20;

  private final DigestMemory memory;
  private final Events events;
  private final BooleanSupplier stopped;
  private final Folders folders;
  private final List<RepoFile> wanted;

  /** What this run has digested: also files so fresh that their stamp is not to be remembered. */
  private final Map<Stamp, Map<Integer, String>> digested = new ConcurrentHashMap<>();

  /** What is told of the search. */
  public interface Events {
    /** Files of this host are digested: so many, with so many bytes together, at most. */
    void checking(int files, long bytes);

    void detail(String text);
  }

  /**
   * Walks the folders; nothing is digested yet.
   *
   * @param stopped whether to give up
   */
  public HostCopies(Reuse reuse, List<RepoFile> missing, Events events, BooleanSupplier stopped) {
    this.events = events;
    this.stopped = stopped;
    Map<BlobId, RepoFile> blobs = new LinkedHashMap<>();
    missing.stream().filter(f -> f.size() > 0).forEach(f -> blobs.putIfAbsent(f.blob(), f));
    this.wanted = List.copyOf(blobs.values());
    Set<Long> sizes = new HashSet<>();
    wanted.forEach(f -> sizes.add(f.size()));
    this.folders = new Folders(sizes, blobs.keySet());
    boolean any = !wanted.isEmpty() && !reuse.folders().isEmpty();
    this.memory = new DigestMemory(any ? reuse.memory() : Optional.empty());
    if (any) {
      reuse.folders().forEach(folders::walk);
    }
  }

  /** Unfinished downloads of ours elsewhere, whose states tell what each chunk has to be. */
  public Map<BlobId, List<Path>> parts() {
    return folders.parts();
  }

  /** The copies that can be believed, by content. Reads them all, unless that was done before. */
  public Map<BlobId, HostCopy> find() {
    List<RepoFile> looked = wanted.stream().filter(f -> !candidates(f).isEmpty()).toList();
    if (looked.isEmpty()) {
      return Map.of();
    }
    tell(looked);
    Map<BlobId, HostCopy> found = new LinkedHashMap<>();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
    try (ExecutorService cpu =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("reuse-", 0).factory())) {
      Map<RepoFile, Future<Optional<HostCopy>>> all = new LinkedHashMap<>();
      looked.forEach(f -> all.put(f, cpu.submit(() -> find(f))));
      for (var each : all.entrySet()) {
        each.getValue().get().ifPresent(copy -> found.put(each.getKey().blob(), copy));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw (CancellationException) new CancellationException("stopped").initCause(e);
    }
    return found;
  }

  /** Keeps the digests for later runs. */
  public void remember() {
    memory.save();
  }

  /** A hard link gives the file one name more, which changes its stamp, and no more. */
  public void brought(HostCopy copy, BlobId blob, Link how) {
    if (how != Link.HARD) {
      // Another stamp would be somebody's writing.
      return;
    }
    try {
      Stamp now = Stamp.of(copy.path());
      if (copy.settled() && now.hasContentOf(copy.stamp())) {
        memory.remember(now, blob.hex());
      }
    } catch (IOException e) {
      // Then it is digested again.
    }
  }

  private void tell(List<RepoFile> looked) {
    int files = 0;
    long bytes = 0;
    for (RepoFile file : looked) {
      for (Path path : candidates(file)) {
        try {
          if (memory.known(Stamp.of(path), file.blob()) == null) {
            files++;
            bytes += file.size();
            break;
          }
        } catch (IOException e) {
          // It is told when it is read.
        }
      }
    }
    if (files > 0) {
      events.checking(files, bytes);
    }
  }

  private Optional<HostCopy> find(RepoFile file) {
    for (Path path : candidates(file)) {
      try {
        Optional<HostCopy> copy = check(path, file);
        if (copy.isPresent()) {
          return copy;
        }
      } catch (IOException e) {
        events.detail("cannot read " + path + ": " + e);
      }
    }
    return Optional.empty();
  }

  /** Those that are named by the hash first, then those with the file's own name. */
  private List<Path> candidates(RepoFile file) {
    List<Path> all = new ArrayList<>(folders.ofSize(file.size()));
    all.removeIf(p -> isOther(named(p), file.blob()));
    String name = file.path().names().getLast();
    all.sort(
        Comparator.comparing((Path p) -> !file.blob().hex().equals(named(p)))
            .thenComparing(p -> !CacheScan.name(p).equals(name)));
    return all;
  }

  private static boolean isOther(@Nullable String hex, BlobId wanted) {
    return hex != null && hex.length() == wanted.hex().length() && !hex.equals(wanted.hex());
  }

  /** The hash that the file's name is, as the hub's clients and Ollama name theirs. */
  private static @Nullable String named(Path path) {
    String name = CacheScan.name(path);
    if (name.startsWith("sha256-") && Hex.is(name.substring(7), 64)) {
      return name.substring(7);
    }
    boolean blob = path.getParent() != null && path.getParent().endsWith("blobs");
    return blob && (Hex.is(name, 64) || Hex.is(name, 40)) ? name : null;
  }

  private Optional<HostCopy> check(Path path, RepoFile file) throws IOException {
    BlobId blob = file.blob();
    Stamp before = Stamp.of(path);
    if (before.size() != file.size()) {
      return Optional.empty();
    }
    boolean settled = before.isSettled();
    String hex = memory.known(before, blob);
    if (hex == null) {
      hex = digested.getOrDefault(before, Map.of()).get(blob.hex().length());
    }
    if (hex == null) {
      events.detail("checking " + path + ", which may be " + file.path());
      hex = digest(path, file);
      if (!Stamp.of(path).equals(before)) {
        events.detail(path + " changed while it was read: it is not used");
        return Optional.empty();
      }
      digested.computeIfAbsent(before, s -> new ConcurrentHashMap<>()).put(hex.length(), hex);
      if (settled) {
        memory.remember(before, hex);
      }
    }
    if (!hex.equals(blob.hex())) {
      return Optional.empty();
    }
    return Optional.of(new HostCopy(path, before, settled, blob.hex().equals(named(path))));
  }

  private String digest(Path path, RepoFile file) throws IOException {
    BlobDigest digest = BlobDigest.of(file.blob(), file.size());
    byte[] buffer = new byte[(int) Math.min(BUFFER, file.size() + 1)];
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        if (stopped.getAsBoolean()) {
          throw new CancellationException("stopped");
        }
        digest.update(buffer, 0, got);
      }
    }
    return digest.hex();
  }
}
