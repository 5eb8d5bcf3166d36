package dev.exodl.hub;

import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks answers that should carry a file's bytes against the listing and the range that was asked
 * for.
 */
final class FileAnswers {
  /** So often a wrong Content-Range may be an accident. */
  private static final int WRONG_RANGES = 3;

  private final Commit commit;
  private final Duration patience;
  private final ConcurrentHashMap<RepoPath, AtomicInteger> wrongRanges = new ConcurrentHashMap<>();

  FileAnswers(Commit commit, Duration patience) {
    this.commit = commit;
    this.patience = patience;
  }

  /**
   * Compares what home says about the file with the listing.
   *
   * @throws SourceException integrity failure for another commit, size or hash
   */
  void checkHome(Reply reply, RepoFile file) throws SourceException {
    check(reply, file, "X-Repo-Commit", commit.hex());
    check(reply, file, "X-Linked-Size", Long.toString(file.size()));
    check(reply, file, "X-Linked-ETag", file.blob().hex());
  }

  private static void check(Reply reply, RepoFile file, String name, String wanted)
      throws SourceException {
    String said = reply.header(name);
    if (said == null) {
      return;
    }
    String bare = said.strip();
    bare = (bare.startsWith("W/") ? bare.substring(2) : bare).replace("\"", "");
    if (!bare.equals(wanted)) {
      reply.close();
      throw wrong(
          reply,
          "the hub contradicts its listing of "
              + file.path()
              + ": "
              + name
              + " is "
              + Printable.of(bare)
              + " and not "
              + wanted);
    }
  }

  /**
   * The stream of an answer with status 200, 206 or 416.
   *
   * @throws SourceException when the answer does not fit the range or the listing
   */
  ChunkStream stream(Reply reply, RepoFile file, ByteRange range) throws SourceException {
    return switch (reply.status()) {
      case 206 -> partial(reply, file, range);
      case 416 -> throw unsatisfied(reply, file);
      default -> whole(reply, file);
    };
  }

  private ChunkStream partial(Reply reply, RepoFile file, ByteRange range) throws SourceException {
    ContentRange sent = ContentRange.parse(reply.header("Content-Range"));
    if (sent != null && sent.size() >= 0 && sent.size() != file.size()) {
      reply.drop();
      throw wrong(reply, otherSize(reply, file, sent.size()));
    }
    boolean fits = sent != null && sent.first() == range.offset() && !reply.isGzip();
    if (sent == null || !fits) {
      String said = Printable.of(String.valueOf(reply.header("Content-Range")));
      reply.drop();
      String what =
          reply.address().getAuthority() + " answered another range than was asked for: " + said;
      AtomicInteger count = wrongRanges.computeIfAbsent(file.path(), p -> new AtomicInteger());
      throw count.incrementAndGet() < WRONG_RANGES
          ? new SourceException(new Trouble.Broken(what))
          : wrong(reply, what);
    }
    long end = Math.min(sent.end(), file.size());
    boolean framed = reply.length() == end - sent.first();
    return opened(reply, sent.first(), end, framed);
  }

  /** A server that ignores ranges sends the file from its beginning. */
  private ChunkStream whole(Reply reply, RepoFile file) throws SourceException {
    long length = reply.isGzip() ? -1 : reply.length();
    if (length >= 0 && length != file.size()) {
      String type = reply.header("Content-Type");
      reply.drop();
      throw type != null && type.startsWith("text/html")
          ? new SourceException(new Trouble.Refused(webPage(reply)))
          : wrong(reply, otherSize(reply, file, length));
    }
    return opened(reply, 0, file.size(), length >= 0);
  }

  private ChunkStream opened(Reply reply, long start, long end, boolean framed)
      throws SourceException {
    NetworkTroubles troubles = new NetworkTroubles(reply.address(), null, patience);
    try {
      return new HubStream(reply, reply.body(), troubles, start, end, framed);
    } catch (IOException e) {
      reply.drop();
      throw troubles.of(e);
    }
  }

  private static SourceException unsatisfied(Reply reply, RepoFile file) {
    ContentRange sent = ContentRange.parse(reply.header("Content-Range"));
    reply.close();
    return sent != null && sent.size() >= 0 && sent.size() != file.size()
        ? wrong(reply, otherSize(reply, file, sent.size()))
        : new SourceException(
            new Trouble.Broken(
                reply.address().getAuthority() + " refused a range inside of " + file.path()));
  }

  private static String otherSize(Reply reply, RepoFile file, long size) {
    return file.path()
        + " has "
        + size
        + " bytes at "
        + reply.address().getAuthority()
        + " and "
        + file.size()
        + " in the listing";
  }

  private static SourceException wrong(Reply reply, String what) {
    return new SourceException(
        new Trouble.Refused(
            new Failure.Integrity(
                what,
                HubAddresses.shown(reply.address()),
                "try again later; if it stays, report it to whoever runs the endpoint")));
  }

  private static Failure webPage(Reply reply) {
    return ErrorTable.notTheHub(
        new Answer(reply.address(), reply.status(), reply.headers(), ""),
        HubAddresses.shown(reply.address()));
  }
}
