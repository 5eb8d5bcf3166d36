package dev.exodl.hub;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of one commit. A large file's signed address is found once and used for all its ranges
 * by all threads; when it is over, one thread finds the next. Only GET is used: the answer that
 * carries bytes carries all that a HEAD would tell.
 */
final class HubChunkSource implements ChunkSource {
  /**
   * A foreign host that refuses fresh addresses more often than this does not mean that they are
   * over.
   */
  private static final int RENEWALS = 3;

  private final HubTransport transport;
  private final Repo repo;
  private final Commit commit;
  private final FileAnswers answers;
  private final ConcurrentHashMap<RepoPath, FileRoute> routes = new ConcurrentHashMap<>();

  /**
   * Where the hub sent a request on to before it wanted quiet: to be sent there anew costs another
   * request of those that it grants.
   */
  private final ConcurrentHashMap<RepoPath, URI> sentOn = new ConcurrentHashMap<>();

  HubChunkSource(HubTransport transport, Repo repo, Commit commit) {
    this.transport = transport;
    this.repo = repo;
    this.commit = commit;
    this.answers = new FileAnswers(commit, patience());
  }

  private Duration patience() {
    return transport.settings().downloadTimeout();
  }

  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    FileRoute route = route(file);
    for (int renewals = 0; ; renewals++) {
      FileRoute.Way way = route.await(System.nanoTime());
      Reply atHome = null;
      if (way == null || way instanceof FileRoute.Way.Home) {
        Found found = way == null ? searched(route, file, range) : find(file, range);
        way = found.way;
        atHome = found.reply;
        route.found(way);
      }
      switch (way) {
        case FileRoute.Way.Home home -> {
          if (atHome != null) {
            return answers.stream(atHome, file, range);
          }
        }
        case FileRoute.Way.Signed signed -> {
          Reply reply = foreign(signed.address(), file, range);
          if (reply != null) {
            return answers.stream(reply, file, range);
          }
          route.forget(signed);
          if (renewals == RENEWALS) {
            throw alwaysRefused(signed.address(), file);
          }
        }
      }
    }
  }

  /**
   * Git files are small, and the hub sends each request for them another way: nothing to remember.
   */
  private FileRoute route(RepoFile file) {
    return switch (file.blob()) {
      case BlobId.Sha256 lfs -> routes.computeIfAbsent(file.path(), p -> new FileRoute());
      case BlobId.GitSha1 git -> new FileRoute();
    };
  }

  /** What home answered: the way, and the answer itself when home serves the bytes. */
  private record Found(FileRoute.Way way, @Nullable Reply reply) {}

  private Found searched(FileRoute route, RepoFile file, ByteRange range) throws SourceException {
    try {
      return find(file, range);
    } catch (SourceException | RuntimeException | Error e) {
      route.failed(e);
      throw e;
    }
  }

  private Found find(RepoFile file, ByteRange range) throws SourceException {
    URI start = transport.addresses().file(repo, commit, file.path());
    URI before = sentOn.remove(file.path());
    URI at = before == null ? start : before;
    Trail trail = new Trail(start);
    Ask ask = ask(file, range);
    while (true) {
      Reply reply = transport.get(at, ask);
      if (reply.status() == 429 && !at.equals(start)) {
        sentOn.put(file.path(), at);
      } else if (reply.status() >= 400 && at.equals(before)) {
        // It may lead elsewhere by now.
        reply.close();
        at = start;
        before = null;
        continue;
      }
      if (reply.status() < 400) {
        answers.checkHome(reply, file);
      }
      switch (reply.status()) {
        case 200, 206, 416 -> {
          return new Found(new FileRoute.Way.Home(), reply);
        }
        case 301, 302, 303, 307, 308 -> {
          try {
            at = trail.next(reply);
          } finally {
            reply.close();
          }
          if (!transport.addresses().isHome(at) && !HubAddresses.isPublicHub(at)) {
            return new Found(signed(at, reply), null);
          }
        }
        default -> throw ErrorTable.exception(Answer.of(reply), asked(file, at));
      }
    }
  }

  private static FileRoute.Way signed(URI address, Reply reply) {
    Duration life = SignedLife.of(address, reply.header("Date"), Instant.now());
    long now = System.nanoTime();
    return life == null
        ? new FileRoute.Way.Signed(address, false, now)
        : new FileRoute.Way.Signed(address, true, now + life.toNanos());
  }

  /** Asks a foreign host; null when the address seems to be over. */
  private @Nullable Reply foreign(URI start, RepoFile file, ByteRange range)
      throws SourceException {
    URI at = start;
    Trail trail = new Trail(at);
    Ask ask = ask(file, range);
    while (true) {
      Reply reply = transport.get(at, ask);
      switch (reply.status()) {
        case 200, 206, 416 -> {
          return reply;
        }
        case 301, 302, 303, 307, 308 -> {
          try {
            at = trail.next(reply);
          } finally {
            reply.close();
          }
        }
        // S3 and CloudFront: 403 when a signature is over, 400 for an expired session token.
        case 400, 401, 403, 404, 410 -> {
          reply.close();
          return null;
        }
        default -> throw new SourceException(ErrorTable.withoutRepo(Answer.of(reply)));
      }
    }
  }

  private Ask ask(RepoFile file, ByteRange range) {
    boolean whole = range.offset() == 0 && range.end() == file.size();
    boolean git = file.blob() instanceof BlobId.GitSha1;
    return Ask.bytes(whole && git ? null : range, patience());
  }

  private Asked asked(RepoFile file, URI at) {
    HubAddresses addresses = transport.addresses();
    boolean token = transport.settings().token() != null;
    return new Asked(repo, addresses.page(repo), commit.hex(), file.path().value(), token)
        .at(at, addresses);
  }

  private static SourceException alwaysRefused(URI address, RepoFile file) {
    return new SourceException(
        new Trouble.Refused(
            new Failure.Network(
                address.getAuthority()
                    + " refused "
                    + file.path()
                    + " under "
                    + (RENEWALS + 1)
                    + " addresses that the hub just signed for it",
                HubAddresses.shown(address),
                "check this machine's clock and the proxy settings, or try again later")));
  }
}
