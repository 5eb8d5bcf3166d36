package dev.exodl.download;

import dev.exodl.archive.ArchiveReader;
import dev.exodl.archive.Contents;
import dev.exodl.fetch.ChunkCrc;
import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.model.RepoFile;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.Opened;
import dev.exodl.store.PartFile;
import dev.exodl.store.Refs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.Checksum;

/** Puts the snapshot in an archive into a cache, as a sync would have. Asks no hub. */
public final class Import {
  private static final long STOP_MILLIS = 1200;
  private static final int AT_ONCE = 1 << 20;

  private final SyncSettings settings;
  private final SyncVoice voice;
  private final ProgressBoard board;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final byte[] buffer = new byte[AT_ONCE];
  private volatile boolean stopped;

  /** An import that shows its progress on the board. */
  public Import(SyncSettings settings, SyncListener listener, ProgressBoard board) {
    this.settings = settings;
    this.voice = new SyncVoice(listener, board);
    this.board = board;
  }

  /** Ends a running import from another thread; what came is kept for the next. */
  public void stop() {
    stopped = true;
    try {
      if (!ended.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
        voice.detail("stopped without waiting for the archive");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Does it, on the caller's thread. Runs once.
   *
   * @throws FailureException what the user can be told
   * @throws CancellationException after {@link #stop()}
   */
  public ImportResult run(ImportRequest request) {
    String where =
        request.from() instanceof ImportRequest.From.File(Path path)
            ? path.toString()
            : "standard input";
    try (InputStream in =
        switch (request.from()) {
          case ImportRequest.From.File(Path path) -> Files.newInputStream(path);
          case ImportRequest.From.Stream(InputStream from) -> from;
        }) {
      return run(request, new ArchiveReader(in, where), where);
    } catch (NoSuchFileException e) {
      throw new FailureException(
          new Failure.NotFound("there is no such file", where, "name an archive"), e);
    } catch (IOException e) {
      throw new FailureException(
          new Failure.Storage(
              "cannot read the archive: " + Printable.of(String.valueOf(e.getMessage())),
              where,
              "mend that, then run the same command again"),
          e);
    } finally {
      ended.countDown();
    }
  }

  private ImportResult run(ImportRequest request, ArchiveReader archive, String where) {
    long begin = System.nanoTime();
    Contents contents = archive.contents();
    SyncRequest asked =
        new SyncRequest(
            contents.repo(),
            contents.revision(),
            SyncRequest.Selection.ALL,
            new SyncRequest.Place.Cache(request.cacheRoot()),
            true,
            false,
            false,
            request.minFreeBytes());
    List<RepoFile> files = ChooseFiles.choose(asked, listed(contents.files()), voice::warn);
    CacheTarget target =
        new CacheTarget(
            request.cacheRoot(), contents.repo(), contents.commit(), settings.noLinks());
    checkListing(target, contents, where);
    voice.tell(new SyncEvent.Resolved(contents.repo(), contents.revision(), contents.commit()));
    Map<BlobId, List<RepoFile>> missing = missing(target, contents, files);
    Space.check(target, toWrite(target, missing), request.minFreeBytes());
    List<RepoFile> placed = take(archive, target, contents, missing);
    // Only now: a listing that is kept is believed, and this one may be of an archive that is bad.
    target.keepTold(contents.listing());
    Optional<Commit> before = Refs.read(request.cacheRoot(), contents.repo(), contents.revision());
    target.finish(contents.revision());
    if (before.isPresent() && !before.get().equals(contents.commit())) {
      voice.warn(
          contents.repo()
              + "@"
              + contents.revision()
              + " was commit "
              + before.get().brief()
              + " here, and is "
              + contents.commit().brief()
              + " now, as the archive has it");
    }
    return new ImportResult(
        contents.repo(),
        contents.revision(),
        contents.commit(),
        target.root(),
        files,
        placed,
        Duration.ofNanos(System.nanoTime() - begin));
  }

  private static List<ListedFile> listed(List<RepoFile> files) {
    return files.stream().map(f -> new ListedFile(f.path().value(), f.size(), f.blob())).toList();
  }

  /** What the hub listed here of a commit is not put aside for what an archive says. */
  private static void checkListing(CacheTarget target, Contents contents, String where) {
    Optional<List<RepoFile>> known = target.listingOfHub();
    if (known.isPresent() && !known.get().equals(contents.listing())) {
      throw new FailureException(
          new Failure.Integrity(
              "the archive lists other files of "
                  + contents.repo()
                  + " at "
                  + contents.commit().brief()
                  + " than the hub did here",
              where,
              "do not use it; make another one with 'exo-dl export'"));
    }
  }

  /** What is not visible yet; what is whole on this disk only has to be linked. */
  private Map<BlobId, List<RepoFile>> missing(
      CacheTarget target, Contents contents, List<RepoFile> files) {
    LookLocally.Sorted here = new LookLocally(target, voice).sort(files, true);
    here.linkable().forEach(target::link);
    Map<BlobId, List<RepoFile>> missing = new LinkedHashMap<>();
    for (RepoFile file : here.missing()) {
      missing.computeIfAbsent(file.blob(), b -> new ArrayList<>()).add(file);
    }
    List<RepoFile> one = missing.values().stream().map(List::getFirst).toList();
    board.files(one);
    voice.tell(
        new SyncEvent.Planned(
            contents.listing().size(),
            files.size(),
            files.stream().mapToLong(RepoFile::size).sum(),
            here.missing().size(),
            toWrite(target, missing)));
    return missing;
  }

  private static long toWrite(CacheTarget target, Map<BlobId, List<RepoFile>> missing) {
    return missing.values().stream()
        .map(List::getFirst)
        .mapToLong(file -> file.size() - target.heldBytes(file))
        .reduce(0, Math::addExact);
  }

  private List<RepoFile> take(
      ArchiveReader archive,
      CacheTarget target,
      Contents contents,
      Map<BlobId, List<RepoFile>> missing) {
    int chunkSize =
        ChunkGrid.chunkSizeFor(contents.blobs().values().stream().mapToLong(b -> b).sum());
    List<RepoFile> placed = new ArrayList<>();
    try (ExecutorService cpu =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("digest-", 0).factory())) {
      while (true) {
        checkStopped();
        Optional<ArchiveReader.Blob> next = archive.next();
        if (next.isEmpty()) {
          return placed;
        }
        List<RepoFile> files = missing.getOrDefault(next.get().id(), List.of());
        if (!files.isEmpty()) {
          take(archive, target, files, chunkSize, cpu);
          placed.addAll(files);
        }
      }
    }
  }

  private void take(
      ArchiveReader archive,
      CacheTarget target,
      List<RepoFile> files,
      int chunkSize,
      ExecutorService cpu) {
    RepoFile file = files.getFirst();
    Opened opened =
        target.openPart(
            file,
            chunkSize,
            (owner, since) -> {
              if (since.isZero() || since.toMillis() % 10_000 < 200) {
                voice.tell(new SyncEvent.WaitingForLock(file, owner, since));
              }
              return !stopped;
            });
    switch (opened) {
      case Opened.Busy busy -> throw new CancellationException("stopped");
      case Opened.AlreadyThere there -> {
        board.held(file, file.size());
        target.link(file);
      }
      case Opened.Part got -> {
        try (PartFile part = got.part()) {
          fill(archive, part, file, cpu);
          target.place(file, part);
        }
      }
    }
    files.subList(1, files.size()).forEach(target::link);
    board.state(file, ProgressBoard.State.DONE);
    files.forEach(f -> voice.tell(new SyncEvent.FilePlaced(f)));
  }

  /** Writes the chunks that are not held yet, digesting what the disk gives back of all. */
  private void fill(ArchiveReader archive, PartFile part, RepoFile file, ExecutorService cpu) {
    BitSet had = part.have();
    board.held(file, part.heldBytes());
    board.state(file, ProgressBoard.State.FETCHING);
    PrefixDigest digest = new PrefixDigest(part, cpu);
    try {
      digest.start();
      for (int i = 0; i < part.grid().count(); i++) {
        Chunk chunk = part.grid().chunk(i);
        if (had.get(i)) {
          archive.pass(chunk.length());
        } else {
          copy(archive, part, file, chunk);
          digest.held(i);
        }
      }
      board.state(file, ProgressBoard.State.VERIFYING);
      if (!digest.matches()) {
        part.discard();
        throw new FailureException(
            new Failure.Integrity(
                "the content has not the hash that the archive's listing tells",
                file.path().value(),
                had.isEmpty()
                    ? "the archive is damaged: copy it again; nothing of the file is kept"
                    : "run the same command again; nothing of the file is kept"));
      }
    } finally {
      digest.stop();
    }
  }

  private void copy(ArchiveReader archive, PartFile part, RepoFile file, Chunk chunk) {
    Checksum crc = ChunkCrc.create();
    for (long at = chunk.offset(); at < chunk.end(); ) {
      checkStopped();
      int length = (int) Math.min(buffer.length, chunk.end() - at);
      archive.read(buffer, length);
      part.write(at, buffer, 0, length);
      crc.update(buffer, 0, length);
      board.held(file, length);
      at += length;
    }
    part.held(chunk, (int) crc.getValue());
  }

  private void checkStopped() {
    if (stopped) {
      throw new CancellationException("stopped");
    }
  }
}
