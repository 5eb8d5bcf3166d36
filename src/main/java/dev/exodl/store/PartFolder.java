package dev.exodl.store;

import dev.exodl.fetch.ChunkCrc;
import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one part: {@code part}, {@code state} and {@code journal.<generation>}. It belongs
 * to one owner.
 */
final class PartFolder {
  private static final String JOURNAL = "journal.";

  private final Path path;
  private final @Nullable Spread spread;
  private final Disk disk;

  PartFolder(Path path, Disk disk) {
    this(path, null, disk);
  }

  /** The folder of a part whose bytes are spread over its file, if so. */
  PartFolder(Path path, @Nullable Spread spread, Disk disk) {
    this.path = path;
    this.spread = spread;
    this.disk = disk;
  }

  Path path() {
    return path;
  }

  Path part() {
    return path.resolve("part");
  }

  Path state() {
    return path.resolve("state");
  }

  Journal journal(long generation, BlobId blob, ChunkGrid grid) {
    return new Journal(path.resolve(JOURNAL + generation), generation, blob, grid, disk.steps());
  }

  /** Replaces the state file, then deletes the journals that it makes obsolete. */
  void save(StateFile state) throws IOException {
    Path fresh = path.resolve("state.new");
    disk.delete(fresh);
    disk.writeNew(fresh, state.encode(), true);
    disk.rename(fresh, state());
    disk.syncFolder(path);
    for (Path journal : journals()) {
      if (generation(journal) < state.generation()) {
        disk.delete(journal);
      }
    }
  }

  /** What the journals say can no longer be believed. */
  void dropJournals() throws IOException {
    for (Path journal : journals()) {
      disk.delete(journal);
    }
  }

  void delete() throws IOException {
    disk.deleteFolder(path);
  }

  /**
   * What was found of a part.
   *
   * @param generation the highest that any file of it has
   * @param unsaved whether more is held than the state file says
   */
  record Recovered(
      BlobId blob,
      ChunkGrid grid,
      OpenFile data,
      Held held,
      long generation,
      boolean unsaved,
      List<String> remarks) {
    /** More is held than was found. */
    Recovered andUnsaved(String remark) {
      List<String> all = new ArrayList<>(remarks);
      all.add(remark);
      return new Recovered(blob, grid, data, held, generation, true, all);
    }
  }

  /**
   * Opens the part's data, made when missing, and finds out which chunks are held: those of the
   * state file, and those of newer journals whose bytes fit their checksums. A state file that
   * cannot be believed is set aside, untouched.
   *
   * @param wanted the cut for a part that is new; one that has a state keeps its own
   * @param aside where a bad state file goes, given a number from 1
   */
  Recovered recover(BlobId blob, ChunkGrid wanted, Aside aside) throws IOException {
    List<String> remarks = new ArrayList<>();
    boolean sound = lengthIsRight(wanted.blobSize());
    @Nullable StateFile state = sound ? readState(blob, wanted.blobSize(), aside, remarks) : null;
    List<Journal.Content> journals = new ArrayList<>();
    long generation = state == null ? 0 : state.generation();
    for (Path file : journals()) {
      generation = Math.max(generation, generation(file));
      if (sound) {
        readJournal(file, blob, wanted.blobSize(), state).ifPresent(journals::add);
      }
    }
    if (!sound) {
      startOver(aside, remarks);
    }
    ChunkGrid grid =
        state != null ? state.grid() : journals.isEmpty() ? wanted : journals.getFirst().grid();
    Held held = state == null ? new Held(grid.count()) : state.held();
    OpenFile data = OpenFile.open(part(), spread, disk.steps());
    data.resize(fileSize(wanted.blobSize()));
    int known = held.count();
    for (Journal.Content journal : journals) {
      if (journal.grid().equals(grid)) {
        replay(journal, data, held);
      }
    }
    return new Recovered(blob, grid, data, held, generation, held.count() > known, remarks);
  }

  /** Chunks that the files claim, with the cut that the numbers are of. */
  record Claimed(ChunkGrid grid, Held held) {}

  /**
   * What the state and the journals claim, unchecked; empty when there is nothing to be believed.
   */
  Optional<Claimed> claimed(BlobId blob, long size) throws IOException {
    if (!lengthIsRight(size)) {
      return Optional.empty();
    }
    @Nullable StateFile state = null;
    try {
      state = StateFile.decode(StateFile.bytes(state()));
    } catch (StateFile.Damaged | NoSuchFileException e) {
      // The journals may still know something.
    }
    boolean usable = state != null && state.blob().equals(blob) && state.grid().blobSize() == size;
    @Nullable Claimed claimed =
        state != null && usable ? new Claimed(state.grid(), state.held()) : null;
    for (Path file : journals()) {
      Journal.Content journal = readJournal(file, blob, size, usable ? state : null).orElse(null);
      if (journal == null) {
        continue;
      }
      if (claimed == null) {
        claimed = new Claimed(journal.grid(), new Held(journal.grid().count()));
      }
      if (claimed.grid().equals(journal.grid())) {
        for (Journal.Entry entry : journal.entries()) {
          claimed.held().add(entry.chunk(), entry.crc());
        }
      }
    }
    return Optional.ofNullable(claimed);
  }

  private static void replay(Journal.Content journal, OpenFile data, Held held) throws IOException {
    for (Journal.Entry entry : journal.entries()) {
      int i = entry.chunk();
      if (!held.has(i) && crc(data, journal.grid().chunk(i)) == entry.crc()) {
        held.add(i, entry.crc());
      }
    }
  }

  /** The CRC32C of a chunk as it is on disk. */
  static int crc(OpenFile data, Chunk chunk) throws IOException {
    byte[] buffer = new byte[Math.min(chunk.length(), 1 << 20)];
    Checksum crc = ChunkCrc.create();
    for (long at = chunk.offset(); at < chunk.end(); ) {
      int part = (int) Math.min(buffer.length, chunk.end() - at);
      data.readFully(at, buffer, 0, part);
      crc.update(buffer, 0, part);
      at += part;
    }
    return (int) crc.getValue();
  }

  private boolean lengthIsRight(long size) throws IOException {
    return Files.isRegularFile(part(), LinkOption.NOFOLLOW_LINKS)
        && Files.size(part()) == fileSize(size);
  }

  private long fileSize(long blobSize) {
    return spread == null ? blobSize : spread.fileSize();
  }

  private @Nullable StateFile readState(BlobId blob, long size, Aside aside, List<String> remarks)
      throws IOException {
    String why;
    try {
      StateFile state = StateFile.decode(StateFile.bytes(state()));
      if (state.blob().equals(blob) && state.grid().blobSize() == size) {
        return state;
      }
      why = "it belongs to another blob";
    } catch (NoSuchFileException e) {
      return null;
    } catch (StateFile.Damaged e) {
      why = String.valueOf(e.getMessage());
    }
    remarks.add(
        "the state of an unfinished download could not be used ("
            + why
            + ") and was set aside as "
            + aside.take(state()));
    return null;
  }

  /** A part without its length is not what any state or journal is about. */
  private void startOver(Aside aside, List<String> remarks) throws IOException {
    if (Files.exists(state(), LinkOption.NOFOLLOW_LINKS)) {
      boolean missing = !Files.exists(part(), LinkOption.NOFOLLOW_LINKS);
      String why = missing ? "is missing" : "has the wrong length";
      remarks.add(
          "the data of an unfinished download "
              + why
              + ", so it starts over; its state was set aside as "
              + aside.take(state()));
    }
    disk.delete(part());
    for (Path journal : journals()) {
      disk.delete(journal);
    }
  }

  private static Optional<Journal.Content> readJournal(
      Path file, BlobId blob, long size, @Nullable StateFile state) throws IOException {
    return Journal.read(file)
        .filter(j -> j.blob().equals(blob) && j.grid().blobSize() == size)
        .filter(j -> state == null || j.generation() >= state.generation());
  }

  /** The journals by generation. */
  private List<Path> journals() throws IOException {
    try (var entries = Files.list(path)) {
      return entries
          .filter(p -> generation(p) >= 0)
          .sorted(Comparator.comparingLong(PartFolder::generation))
          .toList();
    }
  }

  private static long generation(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.matches("journal\\.[0-9]{1,18}")) {
      return -1;
    }
    return Long.parseLong(name.substring(JOURNAL.length()));
  }

  /** Where files go that are not understood but may matter to someone. */
  interface Aside {
    /** Moves the file away, unedited, and returns its new name. */
    Path take(Path file) throws IOException;
  }
}
