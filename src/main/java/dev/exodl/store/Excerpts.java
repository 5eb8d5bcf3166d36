package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.RepoPath;
import dev.exodl.model.Spread;
import dev.exodl.verify.ByteHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files of a local dir that hold only some bytes of a repo's files, or these put together anew. No
 * hash of the hub's is theirs: a note of each says what it is and how the file looked when it was
 * placed. Beside the notes, <em>heads</em> are kept: the beginnings of the repo's own files, so
 * that what is in them can be told without the hub.
 */
public final class Excerpts {
  private static final String NOTE = ".note";
  private static final String HEAD = ".head";

  /** Of what is read into the memory; heads are the longest, of a hundred million bytes at most. */
  private static final long LONGEST = 512L << 20;

  /** Digits of the sha256 that a kept head begins with. */
  private static final int SUM = 64;

  private final Fence fence;
  private final Workshop workshop;
  private final Placing placing;
  private final Runnable makeFolders;

  Excerpts(Fence fence, Workshop workshop, Placing placing, Runnable makeFolders) {
    this.fence = fence;
    this.workshop = workshop;
    this.placing = placing;
    this.makeFolders = makeFolders;
  }

  /**
   * One of them.
   *
   * @param id stands for what it holds, as a blob's hash for its content
   * @param path where it goes
   * @param spread where in the file its bytes stand
   */
  public record Wanted(BlobId id, RepoPath path, Spread spread) {
    private @Nullable Spread holes() {
      return spread.length() == spread.fileSize() ? null : spread;
    }
  }

  /** The final path of a file. */
  public Path visible(RepoPath path) {
    return fence.root().resolve(path.value());
  }

  /** Whether the file is there as it was placed. */
  public boolean isHere(Wanted wanted) {
    return note(wanted.id())
        .filter(note -> note.path().equals(wanted.path()) && note.fits(look(note.path())))
        .isPresent();
  }

  /**
   * Whether something is at this path that was never placed there as an excerpt, or has come in the
   * place of one.
   *
   * @param whole bytes of the whole file of which the excerpt is
   */
  public boolean isForeign(RepoPath path, long whole) {
    Optional<BasicFileAttributes> there = look(path);
    return there.isPresent()
        && notes()
            .filter(note -> note.path().equals(path))
            .noneMatch(note -> note.size() == there.get().size() || there.get().size() != whole);
  }

  private Stream<ExcerptNote> notes() {
    return files().stream()
        .filter(f -> CacheScan.name(f).endsWith(NOTE))
        .flatMap(f -> read(f).flatMap(ExcerptNote::decode).stream());
  }

  /** Forgets what was placed at these paths: other files are there. */
  public void forget(Set<RepoPath> paths) {
    for (Path file : files()) {
      boolean note = CacheScan.name(file).endsWith(NOTE);
      if (note
          && read(file)
              .flatMap(ExcerptNote::decode)
              .filter(n -> paths.contains(n.path()))
              .isPresent()) {
        workshop.delete(file);
      }
    }
  }

  /** What was noted of it when it was placed; empty when nothing was. */
  public Optional<String> noted(BlobId id) {
    return note(id).map(ExcerptNote::text);
  }

  /** Bytes of it that an unfinished download holds; looks only, and does not recheck. */
  public long heldBytes(Wanted wanted) {
    return workshop.heldBytes(wanted.id(), wanted.spread().length(), wanted.holes());
  }

  /** As {@link Target#openPart}; {@code anew}: whatever is there of it counts for nothing. */
  public Opened open(Wanted wanted, int chunkSize, boolean anew, LockWaiter waiter) {
    makeFolders.run();
    ChunkGrid grid = new ChunkGrid(wanted.spread().length(), chunkSize);
    return workshop.openPart(
        new Workshop.Wanted(wanted.id(), grid, anew, List.of(), wanted.holes()),
        () ->
            !anew && isHere(wanted)
                ? Optional.of(new Presence.Visible(visible(wanted.path())))
                : Optional.empty(),
        waiter);
  }

  /**
   * Makes a whole part visible, and notes it: first the note, so that no placed file lacks one.
   *
   * @param text what is to be known of it later
   */
  public void place(Wanted wanted, PartFile part, String text) {
    part.checkpoint();
    Path at = part.path();
    try {
      BasicFileAttributes found =
          Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      ExcerptNote note = new ExcerptNote(wanted.path(), found.size(), modified(found), text);
      placing.text(file(wanted.id(), NOTE), note.encode(), true);
    } catch (IOException e) {
      throw StorageFailure.of(e, "look at it", at);
    }
    placing.move(part, visible(wanted.path()));
  }

  /** Writes a small file, atomically, unless it is there with this content. */
  public void write(RepoPath path, byte[] content) {
    boolean fits = look(path).filter(there -> there.size() == content.length).isPresent();
    if (fits && read(visible(path)).filter(there -> Arrays.equals(there, content)).isPresent()) {
      return;
    }
    makeFolders.run();
    placing.text(visible(path), content, true);
  }

  /** Deletes a small file. */
  public void delete(RepoPath path) {
    workshop.delete(visible(path));
  }

  /** The kept beginning of a blob, if it is as it was kept. */
  public Optional<byte[]> head(BlobId of) {
    return read(file(of, HEAD))
        .filter(kept -> kept.length >= SUM)
        .filter(kept -> sum(kept, SUM).equals(new String(kept, 0, SUM, StandardCharsets.US_ASCII)))
        .map(kept -> Arrays.copyOfRange(kept, SUM, kept.length));
  }

  /** Keeps the beginning of a blob. */
  public void keepHead(BlobId of, byte[] bytes) {
    makeFolders.run();
    byte[] kept =
        Arrays.copyOf(sum(bytes, 0).getBytes(StandardCharsets.US_ASCII), SUM + bytes.length);
    System.arraycopy(bytes, 0, kept, SUM, bytes.length);
    placing.text(file(of, HEAD), kept, false);
  }

  private static String sum(byte[] bytes, int from) {
    ByteHash hash = ByteHash.fastest().sha256();
    hash.update(bytes, from, bytes.length - from);
    return hash.hex();
  }

  /**
   * Forgets all others: their notes, and the files that are still as they were placed, where none
   * of these has taken the place.
   *
   * @param heads the blobs whose heads stay
   */
  public void keepOnly(List<Wanted> kept, Set<BlobId> heads) {
    Set<String> names = new HashSet<>();
    Set<RepoPath> paths = new HashSet<>();
    for (Wanted wanted : kept) {
      names.add(wanted.id().hex() + NOTE);
      paths.add(wanted.path());
    }
    heads.forEach(h -> names.add(h.hex() + HEAD));
    for (Path file : files()) {
      String name = CacheScan.name(file);
      if (names.contains(name)) {
        continue;
      }
      if (name.endsWith(NOTE)) {
        read(file)
            .flatMap(ExcerptNote::decode)
            .filter(n -> !paths.contains(n.path()) && n.fits(look(n.path())))
            .ifPresent(n -> workshop.delete(visible(n.path())));
      }
      if (name.endsWith(NOTE) || name.endsWith(HEAD)) {
        workshop.delete(file);
      }
    }
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    Path folder = folder();
    if (fence.look(folder).filter(BasicFileAttributes::isDirectory).isEmpty()) {
      return files;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(files::add);
    } catch (IOException e) {
      throw StorageFailure.of(e, "list the folder", folder);
    }
    return files;
  }

  private Optional<ExcerptNote> note(BlobId id) {
    return read(file(id, NOTE)).flatMap(ExcerptNote::decode);
  }

  private Optional<BasicFileAttributes> look(RepoPath path) {
    return fence.look(visible(path));
  }

  static long modified(BasicFileAttributes found) {
    return found.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }

  private Optional<byte[]> read(Path file) {
    if (fence
        .look(file)
        .filter(found -> found.isRegularFile() && found.size() <= LONGEST)
        .isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw StorageFailure.of(e, "read", file);
    }
  }

  private Path folder() {
    return workshop.path().resolve("excerpts");
  }

  private Path file(BlobId id, String ending) {
    return folder().resolve(id.hex() + ending);
  }
}
