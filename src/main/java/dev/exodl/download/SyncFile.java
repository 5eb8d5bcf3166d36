package dev.exodl.download;

import dev.exodl.fetch.ChunkSink;
import dev.exodl.fetch.FileWork;
import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.store.Opened;
import dev.exodl.store.PartFile;
import dev.exodl.store.Presence;
import dev.exodl.store.Target;
import dev.exodl.swarm.OpenPart;
import dev.exodl.swarm.Swarm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One blob's way in a sync: open its part, digest what arrives, repair it once if the whole is
 * wrong, place it at each of its paths.
 */
final class SyncFile implements FileWork {
  private static final String WRONG = "the content has not the hash that the hub lists; ";

  /** What all files of a sync share. */
  record Setting(
      Target target,
      int chunkSize,
      boolean force,
      Executor cpu,
      SyncVoice voice,
      ProgressBoard board,
      @Nullable Swarm swarm,
      @Nullable ShardReady ready,
      BooleanSupplier stopped) {}

  private final RepoFile file;
  private final List<RepoFile> twins;
  private final int number;
  private final Setting with;
  private @Nullable PartFile part;
  private @Nullable PrefixDigest digest;
  private boolean fetchedAgain;
  private boolean mended;

  /** A file to fetch; {@code twins} are other paths with the same blob. */
  SyncFile(int number, RepoFile file, List<RepoFile> twins, Setting with) {
    this.number = number;
    this.file = file;
    this.twins = List.copyOf(twins);
    this.with = with;
  }

  @Override
  public RepoFile file() {
    return file;
  }

  @Override
  public Optional<FileWork.Unfinished> open(Runnable waiting) {
    WaitingTold told = new WaitingTold(file, with, waiting);
    Opened opened =
        with.force
            ? with.target.openAnew(file, with.chunkSize, told)
            : with.target.openPart(file, with.chunkSize, told);
    return switch (opened) {
      case Opened.Busy busy -> Optional.empty();
      case Opened.AlreadyThere there -> {
        with.board.held(file, file.size());
        if (there.presence() instanceof Presence.BlobHere) {
          with.target.link(file);
        }
        done();
        yield Optional.empty();
      }
      case Opened.Part got -> Optional.of(begin(got.part()));
    };
  }

  private synchronized FileWork.Unfinished begin(PartFile opened) {
    part = opened;
    opened.remarks().forEach(with.voice::detail);
    with.board.held(file, opened.heldBytes());
    with.board.state(file, ProgressBoard.State.FETCHING);
    restartDigest(opened);
    if (with.swarm != null) {
      with.swarm.opened(file, new Shared(opened));
    }
    return new FileWork.Unfinished(new Sink(opened), opened.have());
  }

  private synchronized void restartDigest(PartFile from) {
    PrefixDigest fresh = new PrefixDigest(from, with.cpu);
    digest = fresh;
    fresh.start();
  }

  private synchronized PrefixDigest digest() {
    return java.util.Objects.requireNonNull(digest);
  }

  private synchronized PartFile part() {
    return java.util.Objects.requireNonNull(part);
  }

  /** A part as other nodes get it. */
  private record Shared(PartFile part) implements OpenPart {
    @Override
    public ChunkGrid grid() {
      return part.grid();
    }

    @Override
    public BitSet have() {
      return part.have();
    }

    @Override
    public int crc(int chunk) {
      return part.crc(chunk);
    }

    @Override
    public Path path() {
      return part.path();
    }
  }

  /** Hands bytes to the part, and whole chunks to the digest. */
  private final class Sink implements ChunkSink {
    private final PartFile to;
    private final Shared shared;

    Sink(PartFile to) {
      this.to = to;
      this.shared = new Shared(to);
    }

    @Override
    public ChunkGrid grid() {
      return to.grid();
    }

    @Override
    public void write(long offset, byte[] bytes, int from, int length) {
      to.write(offset, bytes, from, length);
    }

    @Override
    public void held(Chunk chunk, int crc32c) {
      to.held(chunk, crc32c);
      digest().held(chunk.index());
      if (with.swarm != null) {
        with.swarm.held(file, shared, chunk);
      }
    }
  }

  @Override
  public BitSet whole() {
    with.board.state(file, ProgressBoard.State.VERIFYING);
    PartFile content = part();
    if (!digest().matches()) {
      return with.stopped.getAsBoolean() ? content.have() : repair(content);
    }
    with.target.place(file, content);
    synchronized (this) {
      part = null;
      digest = null;
    }
    done();
    return new BitSet();
  }

  /**
   * The whole is wrong. What the disk changed shows in the chunks' checksums; what came wrong over
   * the wire shows only when it is fetched once more.
   */
  private BitSet repair(PartFile content) {
    BitSet bad = content.have();
    for (int chunk = 0; chunk < content.grid().count(); chunk++) {
      if (content.intact(chunk)) {
        bad.clear(chunk);
      }
    }
    boolean disk = !bad.isEmpty();
    if (!disk && with.swarm != null) {
      bad = with.swarm.doubt(number, content.have());
      if (!bad.isEmpty()) {
        return lose(
            content,
            bad,
            WRONG + "fetching " + bad.cardinality() + " chunks again that one node sent");
      }
    }
    if (disk && mended) {
      throw new FailureException(
          new Failure.Storage(
              "the disk gives back other bytes than were written, after they were fetched twice",
              file.path().value(),
              "check the disk and the memory of this machine (dmesg), then run the same command"
                  + " again"));
    }
    mended |= disk;
    // An empty file has nothing that could be fetched again.
    if (!disk && (fetchedAgain || content.grid().count() == 0)) {
      content.discard();
      throw new FailureException(
          new Failure.Integrity(
              fetchedAgain
                  ? "the content has not the hash that the hub lists, though it was fetched twice"
                  : "the hub lists it as empty, with a hash that is not that of an empty file",
              file.path().value(),
              "nothing of it was kept; try again later or through another network, and report it to the"
                  + " repo's owner if it stays"));
    }
    if (!disk) {
      bad.set(0, content.grid().count());
      fetchedAgain = true;
    }
    return lose(
        content,
        bad,
        disk
            ? bad.cardinality() + " chunks changed on the disk; fetching them again"
            : WRONG + "fetching it again");
  }

  private BitSet lose(PartFile content, BitSet bad, String what) {
    with.voice.tell(new SyncEvent.Repairing(file, what));
    long lost = 0;
    for (int chunk = bad.nextSetBit(0); chunk >= 0; chunk = bad.nextSetBit(chunk + 1)) {
      lost += content.grid().chunk(chunk).length();
    }
    content.lose(bad);
    with.board.held(file, -lost);
    with.board.state(file, ProgressBoard.State.FETCHING);
    restartDigest(content);
    if (with.swarm != null) {
      with.swarm.lost(file, new Shared(content));
    }
    return bad;
  }

  private void done() {
    if (with.swarm != null) {
      with.swarm.placed(file, with.target.visible(file));
    }
    // Each twin was missing, or force is used: what stands there is not to be believed.
    twins.forEach(with.target::link);
    with.board.state(file, ProgressBoard.State.DONE);
    with.voice.tell(new SyncEvent.FilePlaced(file));
    if (with.ready != null) {
      with.ready.placed(file);
    }
  }

  /** Lets go of the part, which keeps what it holds. */
  void close() {
    PrefixDigest reading;
    PartFile open;
    synchronized (this) {
      reading = digest;
      open = part;
      part = null;
    }
    if (reading != null) {
      reading.stop();
    }
    if (open != null) {
      open.close();
    }
  }

  /** Closes all, whatever comes of each. */
  static void closeAll(List<SyncFile> files, SyncVoice voice) {
    for (SyncFile file : files) {
      try {
        file.close();
      } catch (FailureException e) {
        // What ended the fetch is told; the journals keep what this state could not.
        voice.detail(file.file.path() + ": " + e.failure().what());
      }
    }
  }

  /** Groups files by their blob: the first path of each is fetched, the others are its twins. */
  static List<SyncFile> of(List<RepoFile> missing, Setting with) {
    List<SyncFile> files = new ArrayList<>();
    for (List<RepoFile> same : byBlob(missing)) {
      files.add(new SyncFile(files.size(), same.getFirst(), same.subList(1, same.size()), with));
    }
    return files;
  }

  /** Files with the same content together, in the order of the first of each. */
  static List<List<RepoFile>> byBlob(List<RepoFile> files) {
    Map<BlobId, List<RepoFile>> byBlob = new LinkedHashMap<>();
    files.forEach(f -> byBlob.computeIfAbsent(f.blob(), b -> new ArrayList<>()).add(f));
    return List.copyOf(byBlob.values());
  }
}
