package dev.exodl.download;

import dev.exodl.archive.ArchiveFile;
import dev.exodl.archive.ArchiveWriter;
import dev.exodl.archive.Contents;
import dev.exodl.hub.ListedFile;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.store.Presence;
import dev.exodl.store.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/** Puts a snapshot of a cache into an archive. Asks no hub, and writes nothing to the cache. */
public final class Export {
  private final SyncSettings settings;
  private final SyncVoice voice;
  private final ProgressBoard board;
  private volatile boolean stopped;

  /** An export that shows its progress on the board. */
  public Export(SyncSettings settings, SyncListener listener, ProgressBoard board) {
    this.settings = settings;
    this.voice = new SyncVoice(listener, board);
    this.board = board;
  }

  /** Ends a running export from another thread; what was written to a file is kept for the next. */
  public void stop() {
    stopped = true;
  }

  /**
   * Does it, on the caller's thread.
   *
   * @throws FailureException what the user can be told
   * @throws CancellationException after {@link #stop()}
   */
  public ExportResult run(ExportRequest request) {
    long begin = System.nanoTime();
    FindSnapshot.Found found = find(request);
    if (found.listed().isEmpty()) {
      throw new FailureException(
          new Failure.NotFound(
              "no listing of " + request.repo() + " at " + request.revision() + " was kept here",
              found.target().root().toString(),
              "run 'exo-dl sync " + request.repo() + "' once, which keeps it"));
    }
    List<RepoFile> chosen = ChooseFiles.choose(request.asSync(), found.listed().get(), voice::warn);
    Map<String, Blob> blobs = blobs(found, request, chosen);
    board.files(blobs.values().stream().map(Blob::file).toList());
    Set<RepoPath> paths = chosen.stream().map(RepoFile::path).collect(Collectors.toSet());
    Contents contents =
        new Contents(
            request.repo(),
            request.revision(),
            found.commit(),
            found.listed().get().stream().map(ListedFile::checked).toList(),
            paths);
    contents.checkLength();
    Written written = write(request.to(), contents, blobs);
    return result(request, found.commit(), chosen, written, begin);
  }

  private FindSnapshot.Found find(ExportRequest request) {
    try {
      return new FindSnapshot(request.asSync(), voice, settings.noLinks()).offline();
    } catch (FailureException e) {
      if (e.failure() instanceof Failure.NotFound(String what, String where, String _)) {
        throw new FailureException(
            new Failure.NotFound(what, where, "fetch it with: exo-dl sync " + request.repo()), e);
      }
      throw e;
    }
  }

  private static ExportResult result(
      ExportRequest request, Commit commit, List<RepoFile> files, Written written, long begin) {
    return new ExportResult(
        request,
        commit,
        files,
        written.kept(),
        written.bytes(),
        Duration.ofNanos(System.nanoTime() - begin));
  }

  /** A blob, at the first of its paths. */
  private record Blob(RepoFile file, Path content) {}

  /** What was written: {@code bytes} in all, of which {@code kept} of blobs by a run before. */
  private record Written(long bytes, long kept) {}

  /** The blobs in the archive's order; each is verified when it is copied. */
  private static Map<String, Blob> blobs(
      FindSnapshot.Found found, ExportRequest request, List<RepoFile> files) {
    Target target = found.target();
    Tiers tiers = new Tiers(request.caches(), request.repo());
    Map<String, Blob> blobs = new TreeMap<>();
    List<RepoFile> absent = new ArrayList<>();
    for (RepoFile file : files) {
      Optional<Path> here =
          switch (target.presence(file)) {
            case Presence.Visible(Path path) -> Optional.of(path);
            case Presence.BlobHere(Path path) -> Optional.of(path);
            case Presence.Check check -> Optional.empty();
            case Presence.Missing missing -> Optional.empty();
          };
      Optional<Path> content = here.or(() -> tiers.content(found.commit(), file));
      if (content.isPresent()) {
        blobs.putIfAbsent(file.blob().hex(), new Blob(file, content.get()));
      } else {
        absent.add(file);
      }
    }
    if (!absent.isEmpty()) {
      throw new FailureException(
          new Failure.Partial(
              absent.size()
                  + " of "
                  + files.size()
                  + " files are not here, the first is "
                  + absent.getFirst().path(),
              target.root().toString(),
              "fetch them with 'exo-dl sync', or choose others with --include and --exclude"));
    }
    return blobs;
  }

  private Written write(ExportRequest.To to, Contents contents, Map<String, Blob> blobs) {
    try {
      return switch (to) {
        case ExportRequest.To.File(Path path) -> file(path, contents, blobs);
        case ExportRequest.To.Stream(var out) -> {
          Counting counting = new Counting(out);
          ArchiveWriter writer = new ArchiveWriter(counting);
          writer.contents(contents);
          copy(writer, List.copyOf(blobs.values()));
          writer.end();
          yield new Written(counting.bytes(), 0);
        }
      };
    } catch (IOException e) {
      String where =
          to instanceof ExportRequest.To.File(Path path) ? path.toString() : "standard output";
      String why =
          switch (e) {
            case NoSuchFileException gone -> "its folder is not there";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> String.valueOf(e.getMessage());
          };
      throw new FailureException(
          new Failure.Storage(
              "could not write the archive: " + Printable.of(why),
              where,
              "see that the folder is there and has room, then run the same command again"),
          e);
    }
  }

  private Written file(Path path, Contents contents, Map<String, Blob> blobs) throws IOException {
    List<Blob> left = new ArrayList<>(blobs.values());
    try (ArchiveFile file = ArchiveFile.open(path)) {
      long kept = 0;
      boolean begun = file.holds(contents);
      while (begun && !left.isEmpty()) {
        RepoFile next = left.getFirst().file();
        board.state(next, ProgressBoard.State.VERIFYING);
        if (!file.holds(next.blob(), next.size(), bytes -> copied(next, bytes))) {
          board.held(next, -held(next));
          break;
        }
        board.state(next, ProgressBoard.State.DONE);
        kept += next.size();
        left.removeFirst();
      }
      if (kept > 0) {
        voice.detail("going on: " + Bytes.text(kept) + " were written before and are right");
      }
      ArchiveWriter writer = new ArchiveWriter(file.out());
      if (!begun) {
        writer.contents(contents);
      }
      copy(writer, left);
      writer.end();
      return new Written(file.place(), kept);
    }
  }

  private void copy(ArchiveWriter writer, List<Blob> blobs) throws IOException {
    for (Blob blob : blobs) {
      RepoFile file = blob.file();
      board.state(file, ProgressBoard.State.FETCHING);
      try (InputStream in = open(blob.content())) {
        writer.blob(
            file.blob(), file.size(), in, blob.content().toString(), bytes -> copied(file, bytes));
      }
      board.state(file, ProgressBoard.State.DONE);
    }
  }

  private static InputStream open(Path content) {
    try {
      return Files.newInputStream(content);
    } catch (IOException e) {
      throw ArchiveWriter.unread(e, content.toString());
    }
  }

  private void copied(RepoFile file, int bytes) {
    if (stopped) {
      throw new CancellationException("stopped");
    }
    board.held(file, bytes);
  }

  private long held(RepoFile file) {
    return board.view().files().stream()
        .filter(f -> f.path().equals(file.path().value()))
        .mapToLong(ProgressBoard.FileView::held)
        .sum();
  }
}
