package dev.exodl.download;

import dev.exodl.download.FilesToVerify.Expected;
import dev.exodl.download.VerifyResult.Checked;
import dev.exodl.download.VerifyResult.Verdict;
import dev.exodl.model.BlobId;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads what is here and compares it with the hub's hashes. Changes nothing. */
public final class Verify {
  private static final int BUFFER = 1 << 20;

  private final SyncSettings settings;
  private final SyncVoice voice;
  private final ProgressBoard board;
  private volatile boolean stopped;

  /** A verification that shows its progress on the board. */
  public Verify(SyncSettings settings, SyncListener listener, ProgressBoard board) {
    this.settings = settings;
    this.voice = new SyncVoice(listener, board);
    this.board = board;
  }

  /** Ends a running verification from another thread. */
  public void stop() {
    stopped = true;
  }

  /**
   * Does it, on the caller's thread and one for each core.
   *
   * @throws dev.exodl.model.FailureException when what is to be verified is not here, or cannot be
   *     listed
   * @throws CancellationException after {@link #stop()}
   */
  public VerifyResult run(VerifyRequest request) {
    long begin = System.nanoTime();
    List<Expected> files = new FilesToVerify(settings, voice).of(request);
    // A blob that stands in several snapshots is read once.
    Map<Path, RepoFile> toRead = new LinkedHashMap<>();
    Map<Path, Expected> partly = new HashMap<>();
    for (Expected file : files) {
      if (file.blob() != null && file.size() >= 0) {
        toRead.putIfAbsent(file.content(), onBoard(file, file.blob(), toRead.size()));
        if (!file.ranges().isEmpty()) {
          partly.putIfAbsent(file.content(), file);
        }
      }
    }
    board.files(List.copyOf(toRead.values()));
    Map<Path, @Nullable String> wrong = read(toRead, partly);
    List<Checked> checked = new ArrayList<>();
    for (Expected file : files) {
      checked.add(new Checked(file.snapshot(), file.name(), file.path(), verdict(file, wrong)));
    }
    return new VerifyResult(checked, board.fetched(), Duration.ofNanos(System.nanoTime() - begin));
  }

  /** The board tells files by their path, and two repos may have the same. */
  private static RepoFile onBoard(Expected file, BlobId blob, int number) {
    RepoPath shown;
    try {
      shown = new RepoPath(file.snapshot().replaceFirst("^/+", "") + "/" + file.name());
    } catch (FailureException e) {
      shown = new RepoPath("file " + (number + 1));
    }
    long held = file.ranges().stream().mapToLong(r -> r.at().length()).sum();
    return new RepoFile(shown, file.ranges().isEmpty() ? file.size() : held, blob);
  }

  private static Verdict verdict(Expected file, Map<Path, @Nullable String> wrong) {
    if (file.verdict() != null) {
      return file.verdict();
    }
    String what = wrong.get(file.content());
    return what == null ? new Verdict.Right() : new Verdict.Wrong(what);
  }

  private Map<Path, @Nullable String> read(Map<Path, RepoFile> files, Map<Path, Expected> partly) {
    Map<Path, @Nullable String> wrong = new LinkedHashMap<>();
    int cores = Runtime.getRuntime().availableProcessors();
    try (ExecutorService cpu =
        Executors.newFixedThreadPool(
            cores, Thread.ofPlatform().daemon().name("verify-", 0).factory())) {
      Map<Path, Future<@Nullable String>> answers = new LinkedHashMap<>();
      files.forEach(
          (path, file) -> {
            Expected part = partly.get(path);
            answers.put(path, cpu.submit(() -> part == null ? read(path, file) : read(part, file)));
          });
      for (Map.Entry<Path, Future<@Nullable String>> answer : answers.entrySet()) {
        wrong.put(answer.getKey(), answer.getValue().get());
      }
    } catch (InterruptedException e) {
      throw (CancellationException) new CancellationException("stopped").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
    return wrong;
  }

  private @Nullable String read(Expected part, RepoFile file) {
    board.state(file, ProgressBoard.State.VERIFYING);
    String wrong =
        RangeCheck.wrong(
            part.content(),
            part.size(),
            part.ranges(),
            got -> {
              if (stopped) {
                throw new CancellationException("stopped");
              }
              board.held(file, got);
              board.fetched(got);
            });
    board.state(file, ProgressBoard.State.DONE);
    return wrong;
  }

  /** What is wrong with the file; null when it is right. */
  private @Nullable String read(Path path, RepoFile file) {
    board.state(file, ProgressBoard.State.VERIFYING);
    if (!Files.isRegularFile(path)) {
      // A pipe would keep this waiting, and a device never end.
      return "is no plain file";
    }
    BlobDigest digest = BlobDigest.of(file.blob(), file.size());
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(path)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        if (stopped) {
          throw new CancellationException("stopped");
        }
        digest.update(buffer, 0, got);
        board.held(file, got);
        board.fetched(got);
      }
    } catch (IOException e) {
      return "cannot be read: " + e.getMessage();
    }
    board.state(file, ProgressBoard.State.DONE);
    if (digest.bytes() != file.size()) {
      return "has " + digest.bytes() + " bytes, not " + file.size();
    }
    return digest.matches() ? null : "its content has the hash " + digest.hex();
  }
}
