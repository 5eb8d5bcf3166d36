package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Hex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Digests of other programs' files, so that each is read once and not at every run. One line a
 * digest: device, inode, size, times of the last write and the last change, hash. A line that makes
 * no sense is left out; a file that cannot be read or written is not missed, and one that somebody
 * else may write to not believed. Safe for use by many threads.
 */
final class DigestMemory {
  private static final int MOST = 20_000;
  private static final long LARGEST = 8 << 20;
  private static final String HEAD = "exo-dl digests 1";

  private final Optional<Path> file;

  /** The oldest first. */
  private final Map<Key, String> digests = new LinkedHashMap<>();

  private boolean changed;

  /** The two kinds of hash have different lengths. */
  private record Key(Stamp stamp, int length) {}

  DigestMemory(Optional<Path> file) {
    this.file = file;
    file.ifPresent(this::read);
  }

  private void read(Path from) {
    try {
      if (!Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)
          || Files.size(from) > LARGEST
          || !Writers.areOursAlone(from)) {
        return;
      }
      List<String> lines =
          new String(Files.readAllBytes(from), StandardCharsets.ISO_8859_1).lines().toList();
      if (!lines.isEmpty() && lines.getFirst().equals(HEAD)) {
        lines.stream().skip(1).forEach(this::line);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Then everything is digested again.
    }
  }

  private void line(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 6 || !(Hex.is(words[5], 40) || Hex.is(words[5], 64))) {
      return;
    }
    try {
      Stamp stamp =
          new Stamp(
              Long.parseLong(words[0]),
              Long.parseLong(words[1]),
              Long.parseLong(words[2]),
              Long.parseLong(words[3]),
              Long.parseLong(words[4]));
      digests.put(new Key(stamp, words[5].length()), words[5]);
    } catch (NumberFormatException e) {
      // Left out.
    }
  }

  /** The digest of the kind that the blob has, of the file with this stamp. */
  synchronized @Nullable String known(Stamp stamp, BlobId like) {
    return digests.get(new Key(stamp, like.hex().length()));
  }

  synchronized void remember(Stamp stamp, String hex) {
    Key key = new Key(stamp, hex.length());
    if (!hex.equals(digests.get(key))) {
      digests.remove(key);
      digests.put(key, hex);
      changed = true;
    }
  }

  /** Writes what is new, atomically; of two processes that do so at once the later one counts. */
  synchronized void save() {
    if (!changed || file.isEmpty()) {
      return;
    }
    Path to = file.get();
    Path fresh = to.resolveSibling(Names.fresh());
    try {
      Files.createDirectories(Fence.parent(to));
      String text =
          digests.entrySet().stream()
              .skip(Math.max(0, digests.size() - MOST))
              .map(e -> line(e.getKey().stamp(), e.getValue()))
              .collect(Collectors.joining("\n", HEAD + "\n", "\n"));
      try {
        new Disk(DiskSteps.NONE).writeNew(fresh, text.getBytes(StandardCharsets.ISO_8859_1), false);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        changed = false;
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Then everything is digested again.
    }
  }

  private static String line(Stamp s, String hex) {
    return s.device()
        + " "
        + s.inode()
        + " "
        + s.size()
        + " "
        + s.modified()
        + " "
        + s.changed()
        + " "
        + hex;
  }
}
