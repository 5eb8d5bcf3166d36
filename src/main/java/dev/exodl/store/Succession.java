package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.store.PartFolder.Recovered;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a new owner makes of what earlier ones left. The part of an owner that closed it or is dead
 * gets the new owner's nonce by one rename. That of a silent owner is copied, chunk by chunk and
 * each checked, since that owner may wake up and still holds the file open: two owners never write
 * one file.
 */
final class Succession {
  private final Path workshop;
  private final Disk disk;

  Succession(Path workshop, Disk disk) {
    this.workshop = workshop;
    this.disk = disk;
  }

  /**
   * Opens the part that now belongs to the claim.
   *
   * @param elsewhere what is unfinished of the same blob in other places, only read: folders of
   *     parts, and files that are its beginning
   */
  ChunkedPart open(Workshop.Wanted wanted, Claim claim, List<Path> elsewhere) throws IOException {
    BlobId blob = wanted.blob();
    if (claim.former() instanceof Claim.Former.Silent(String nonce)) {
      Path old = workshop.resolve(Names.part(blob, nonce));
      if (Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
        disk.rename(old, workshop.resolve(Names.silent(blob, nonce)));
      }
    }
    Path mine = workshop.resolve(Names.part(blob, claim.nonce()));
    List<Path> silent = find(workshop, blob, Names.SILENT);
    inherit(wanted, mine);
    disk.syncFolder(workshop);
    PartFolder folder = new PartFolder(mine, wanted.spread(), disk);
    // Whether the part is new does not matter: one whose owner died before it held anything is no
    // better than a new one.
    List<Path> others = Stream.concat(silent.stream(), elsewhere.stream()).toList();
    ChunkGrid grid = wanted.anew() ? wanted.grid() : gridOf(others, wanted);
    Recovered found = folder.recover(blob, grid, this::setAside);
    if (!wanted.anew()) {
      for (Path old : silent) {
        found =
            copyFrom(
                new PartFolder(old, wanted.spread(), disk),
                found,
                "took over what a process that fell silent had fetched");
      }
      for (Path other : elsewhere) {
        found = copyElsewhere(other, found);
      }
      if (found.held().count() == 0) {
        found = Prefix.adopt(found, wanted.prefixes());
      }
      if (found.held().count() == 0) {
        found = adoptElsewhere(elsewhere, found);
      }
    }
    ChunkedPart part = new ChunkedPart(folder, found, claim);
    if (!silent.isEmpty()) {
      // Only when the copy is safe.
      part.checkpoint();
      for (Path old : silent) {
        deleteSilent(old);
      }
    }
    return part;
  }

  /** Lets the part that was worked on last be {@code mine}, or makes a new one. */
  private void inherit(Workshop.Wanted wanted, Path mine) throws IOException {
    boolean inherited = false;
    for (Path old : find(workshop, wanted.blob(), Names.PART)) {
      if (wanted.anew() || inherited) {
        disk.deleteFolder(old);
      } else {
        disk.rename(old, mine);
        inherited = true;
      }
    }
    if (!inherited) {
      Files.createDirectory(mine);
    }
  }

  private ChunkGrid gridOf(List<Path> others, Workshop.Wanted wanted) {
    for (Path other : others) {
      try {
        Optional<PartFolder.Claimed> claimed =
            new PartFolder(other, wanted.spread(), disk)
                .claimed(wanted.blob(), wanted.grid().blobSize());
        if (claimed.isPresent()) {
          return claimed.get().grid();
        }
      } catch (IOException e) {
        // Its owner may have finished it just now.
      }
    }
    return wanted.grid();
  }

  /** What is not ours may vanish, or be unreadable: that is no failure. */
  private Recovered copyElsewhere(Path other, Recovered part) {
    try {
      return copyFrom(new PartFolder(other, disk), part, "took chunks from " + other);
    } catch (IOException e) {
      return part;
    }
  }

  private static Recovered adoptElsewhere(List<Path> prefixes, Recovered part) {
    try {
      return Prefix.adopt(part, prefixes);
    } catch (IOException e) {
      return part;
    }
  }

  private Recovered copyFrom(PartFolder old, Recovered part, String remark) throws IOException {
    Optional<PartFolder.Claimed> claimed = old.claimed(part.blob(), part.grid().blobSize());
    if (claimed.isEmpty() || !claimed.get().grid().equals(part.grid())) {
      return part;
    }
    boolean copied = false;
    try (FileChannel from =
        FileChannel.open(old.part(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int i : claimed.get().held().bits().stream().toArray()) {
        if (part.held().has(i)) {
          continue;
        }
        OptionalInt crc = ChunkCopy.copy(from, part.data(), part.grid().chunk(i));
        if (crc.isPresent() && crc.getAsInt() == claimed.get().held().crc(i)) {
          part.held().add(i, crc.getAsInt());
          copied = true;
        }
      }
    }
    return copied ? part.andUnsaved(remark) : part;
  }

  private void deleteSilent(Path old) {
    try {
      disk.deleteFolder(old);
    } catch (IOException e) {
      // NFS keeps a name for a file that is open on this machine; pruning finds it later.
    }
  }

  /** A blob's folders of one kind, the one that was worked on last first. */
  static List<Path> find(Path workshop, BlobId blob, Pattern kind) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(workshop, blob.hex() + ".*")) {
      for (Path entry : entries) {
        boolean named = kind.matcher(String.valueOf(entry.getFileName())).matches();
        if (named && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          found.add(entry);
        }
      }
    }
    found.sort(Comparator.comparingLong(Succession::lastWorkedOn).reversed());
    return found;
  }

  private static long lastWorkedOn(Path part) {
    Path state = part.resolve("state");
    try {
      return Files.getLastModifiedTime(Files.exists(state) ? state : part).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Moves a state file away, unedited. The tenth replaces the ninth. */
  private Path setAside(Path state) throws IOException {
    String part = String.valueOf(Fence.parent(state).getFileName());
    String damaged = part.substring(0, part.indexOf('.')) + ".state.damaged-";
    Path aside = workshop.resolve(damaged + 1);
    for (int n = 2; n <= 9 && Files.exists(aside); n++) {
      aside = workshop.resolve(damaged + n);
    }
    disk.rename(state, aside);
    return aside;
  }
}
