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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether files of this host have a wanted content: by the digests that are remembered, else
 * by reading them. Safe for use by many threads.
 */
final class ContentCheck {
  private static final int BUFFER = 1 << 20;

  private final DigestMemory memory;
  private final HostCopies.Events events;
  private final BooleanSupplier stopped;
  private final Predicate<Stamp> readsFirst;

  /** What this run has digested: also files so fresh that their stamp is not to be remembered. */
  private final Map<Stamp, Map<Integer, String>> digested = new ConcurrentHashMap<>();

  /**
   * A check.
   *
   * @param readsFirst of files that are named by their hash, those that have to be read: the others
   *     are digested when they are brought in
   */
  ContentCheck(
      Optional<Path> memory,
      HostCopies.Events events,
      BooleanSupplier stopped,
      Predicate<Stamp> readsFirst) {
    this.readsFirst = readsFirst;
    this.memory = new DigestMemory(memory);
    this.events = events;
    this.stopped = stopped;
  }

  /**
   * Tells how much will be read, if each file is the first of its paths that is not known yet.
   *
   * @param candidates paths that may have the content, by file
   */
  void tell(Map<RepoFile, List<Path>> candidates) {
    int files = 0;
    long bytes = 0;
    for (var each : candidates.entrySet()) {
      if (isToBeRead(each.getKey(), each.getValue())) {
        files++;
        bytes += each.getKey().size();
      }
    }
    if (files > 0) {
      events.checking(files, bytes);
    }
  }

  private boolean isToBeRead(RepoFile file, List<Path> paths) {
    for (Path path : paths) {
      try {
        Stamp stamp = Stamp.of(path);
        String hex = memory.known(stamp, file.blob());
        if (hex == null) {
          return stamp.size() == file.size();
        }
        if (hex.equals(file.blob().hex())) {
          return false;
        }
      } catch (IOException e) {
        // It is told when it is read.
      }
    }
    return false;
  }

  private boolean canWait(Path path, Stamp stamp, RepoFile file) {
    return file.blob().hex().equals(named(path)) && !readsFirst.test(stamp);
  }

  /** The first path of each file that has its content; files without one are left out. */
  Map<RepoFile, HostCopy> all(Map<RepoFile, List<Path>> candidates) {
    Map<RepoFile, HostCopy> found = new LinkedHashMap<>();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
    try (ExecutorService cpu =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("reuse-", 0).factory())) {
      Map<RepoFile, Future<Optional<HostCopy>>> all = new LinkedHashMap<>();
      candidates.forEach((file, paths) -> all.put(file, cpu.submit(() -> first(file, paths))));
      for (var each : all.entrySet()) {
        each.getValue().get().ifPresent(copy -> found.put(each.getKey(), copy));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw (CancellationException) new CancellationException("stopped").initCause(e);
    }
    return found;
  }

  private Optional<HostCopy> first(RepoFile file, List<Path> paths) {
    boolean read = false;
    for (Path path : paths) {
      try {
        Checked checked = check(path, file, read);
        read |= checked.read();
        if (checked.copy() != null) {
          return Optional.of(checked.copy());
        }
      } catch (IOException e) {
        events.detail("cannot read " + path + ": " + e);
      }
    }
    return Optional.empty();
  }

  /** What came of it; {@code read} when the file was not known before. */
  private record Checked(@Nullable HostCopy copy, boolean read) {
    static final Checked OTHER = new Checked(null, false);
  }

  /** {@code again}: one of its other paths was read already, and only that was counted. */
  private Checked check(Path path, RepoFile file, boolean again) throws IOException {
    BlobId blob = file.blob();
    Stamp before = Stamp.of(path);
    if (before.size() != file.size()) {
      return Checked.OTHER;
    }
    boolean settled = before.isSettled();
    String hex = memory.known(before, blob);
    if (hex == null) {
      hex = digested.getOrDefault(before, Map.of()).get(blob.hex().length());
    }
    boolean read = hex == null;
    if (hex == null && canWait(path, before, file)) {
      return new Checked(new HostCopy(path, before, settled, true, false), false);
    }
    if (hex == null) {
      if (again) {
        events.more(file.size());
      }
      events.detail("checking " + path + ", which may be " + file.path());
      hex = digest(path, file);
      if (!Stamp.of(path).equals(before)) {
        events.detail(path + " changed while it was read: it is not used");
        return new Checked(null, true);
      }
      digested.computeIfAbsent(before, s -> new ConcurrentHashMap<>()).put(hex.length(), hex);
      if (settled) {
        memory.remember(before, hex);
      }
    }
    if (!hex.equals(blob.hex())) {
      return new Checked(null, read);
    }
    boolean named = blob.hex().equals(named(path));
    return new Checked(new HostCopy(path, before, settled, named, true), read);
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
        events.read(got);
      }
    }
    return digest.hex();
  }

  /** The hash that the file's name is, as the hub's clients and Ollama name theirs. */
  static @Nullable String named(Path path) {
    String name = CacheScan.name(path);
    if (name.startsWith("sha256-") && Hex.is(name.substring(7), 64)) {
      return name.substring(7);
    }
    boolean blob = path.getParent() != null && path.getParent().endsWith("blobs");
    return blob && (Hex.is(name, 64) || Hex.is(name, 40)) ? name : null;
  }

  /** Keeps the digests for later runs. */
  void remember() {
    memory.save();
  }

  /**
   * The file was brought in, so it has the content. A hard link gave it one name more since it was
   * digested, which changes its stamp, and no more.
   */
  void brought(HostCopy copy, BlobId blob, Link how) {
    if (copy.read() && how != Link.HARD) {
      // Another stamp would be somebody's writing.
      return;
    }
    try {
      Stamp now = Stamp.of(copy.path());
      boolean same = copy.read() ? now.hasContentOf(copy.stamp()) : now.equals(copy.stamp());
      if (copy.settled() && same) {
        memory.remember(now, blob.hex());
      }
    } catch (IOException e) {
      // Then it is digested again.
    }
  }
}
