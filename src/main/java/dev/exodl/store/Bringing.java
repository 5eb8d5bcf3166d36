package dev.exodl.store;

import dev.exodl.model.RepoFile;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/**
 * Brings content that another program has on this host to a final name. Each way ends with a rename
 * of a file that was verified after it stopped depending on the other program, or, for a hard link,
 * of one whose stamp says that it is what was verified.
 */
final class Bringing {
  /** Smaller ones are copied: they cost little, and they are what people edit. */
  private static final long LARGE = 1 << 20;

  private final Placing placing;
  private final Disk disk;
  private final Workshop workshop;
  private final Reflink reflink = new Reflink();

  Bringing(Placing placing, Disk disk, Workshop workshop) {
    this.placing = placing;
    this.disk = disk;
    this.workshop = workshop;
  }

  /** What is wrong at the other program's side, which is no failure of ours. */
  private static final class Unusable extends IOException {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * Brings it in.
   *
   * @param mayBeEdited whether the final name is one that users take for a file of their own
   * @param minFree bytes that have to stay free
   * @param read told bytes as they are read
   */
  Brought bring(
      HostCopy copy,
      RepoFile file,
      Path to,
      Link link,
      boolean mayBeEdited,
      long minFree,
      LongConsumer read) {
    placing.ready(to);
    workshop.open();
    Path fresh = workshop.fresh();
    try {
      Link how = make(copy, file, fresh, link, mayBeEdited, minFree, read);
      placing.renamed(fresh, to);
      return new Brought.Done(how);
    } catch (Unusable e) {
      return new Brought.Not(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw StorageFailure.of(e, "place the file", to, file.size(), "run the same command again");
    } finally {
      try {
        disk.delete(fresh);
      } catch (IOException e) {
        // The next run's tidying finds it.
      }
    }
  }

  private Link make(
      HostCopy copy,
      RepoFile file,
      Path fresh,
      Link link,
      boolean mayBeEdited,
      long minFree,
      LongConsumer told)
      throws IOException {
    boolean large = file.size() >= LARGE;
    boolean reflinks = link == Link.AUTO || link == Link.REFLINK;
    if (large && reflinks && reflink.clone(copy, fresh)) {
      if (!(copy.isKnown() && Writers.areOurs(copy.path()) && isStill(copy))) {
        check(fresh, file, told);
      }
      sync(fresh);
      return Link.REFLINK;
    }
    boolean hard = link == Link.HARD || (link == Link.AUTO && copy.named() && !mayBeEdited);
    if (large && hard && copy.isKnown() && hardLink(copy, fresh, link)) {
      syncLinked(fresh);
      return Link.HARD;
    }
    long free = StorageFailure.free(workshop.path());
    if (free >= 0 && free - minFree < file.size()) {
      throw new Unusable("there is no room for a copy");
    }
    copy(copy.path(), file, fresh, told);
    return Link.COPY;
  }

  private static boolean isStill(HostCopy copy) {
    try {
      return Stamp.of(copy.path()).equals(copy.stamp());
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean hardLink(HostCopy copy, Path fresh, Link link) throws IOException {
    // One that is not may only have got another name; a copy is digested, and tells.
    if (!isStill(copy) || (link == Link.AUTO && !Writers.areOurs(copy.path()))) {
      return false;
    }
    try {
      Files.createLink(fresh, copy.path());
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, one without hard links, or somebody else's file.
      return false;
    }
    if (!isRight(fresh, copy, link)) {
      Files.delete(fresh);
      return false;
    }
    return true;
  }

  /** Asked of our own name for it, which nobody can put something else behind. */
  private static boolean isRight(Path linked, HostCopy copy, Link link) {
    try {
      return Stamp.of(linked).hasContentOf(copy.stamp())
          && !Writers.runsAsOwner(linked)
          && (link == Link.HARD || Writers.areOursAlone(linked));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // Something else was there in that moment, or a system that tells no owners.
      return false;
    }
  }

  /** The clone is ours alone, so it cannot change while it is read. */
  private void check(Path clone, RepoFile file, LongConsumer told) throws IOException {
    BlobDigest digest = BlobDigest.of(file.blob(), file.size());
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(clone, LinkOption.NOFOLLOW_LINKS)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        digest.update(buffer, 0, got);
        told.accept(got);
      }
    }
    if (!digest.matches()) {
      throw new Unusable("it has another content than its name or its digest said");
    }
  }

  private void sync(Path fresh) throws IOException {
    try (OpenFile made = OpenFile.open(fresh, disk.steps())) {
      made.sync();
    }
  }

  /** It may have been written not long ago, and perhaps may only be read. */
  private static void syncLinked(Path linked) throws IOException {
    try (FileChannel channel = FileChannel.open(linked, StandardOpenOption.READ)) {
      channel.force(false);
    }
  }

  /** Digests on the way: what is written is what was verified, whatever becomes of the other. */
  private void copy(Path from, RepoFile file, Path to, LongConsumer told) throws IOException {
    BlobDigest digest = BlobDigest.of(file.blob(), file.size());
    byte[] buffer = new byte[1 << 20];
    long copied = 0;
    try (InputStream in = open(from);
        OpenFile out = OpenFile.open(to, disk.steps())) {
      for (int got = read(in, buffer); got >= 0; got = read(in, buffer)) {
        if (copied + got > file.size()) {
          throw new Unusable("it grew since it was read");
        }
        out.write(copied, buffer, 0, got);
        digest.update(buffer, 0, got);
        told.accept(got);
        copied += got;
      }
      if (!digest.matches()) {
        throw new Unusable("it has another content than its name or its digest said");
      }
      out.sync();
    }
  }

  private static InputStream open(Path from) throws Unusable {
    try {
      return Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new Unusable("it cannot be opened: " + e);
    }
  }

  private static int read(InputStream in, byte[] buffer) throws Unusable {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new Unusable("it cannot be read: " + e);
    }
  }
}
