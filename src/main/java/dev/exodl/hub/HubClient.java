package dev.exodl.hub;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the hub. Safe for many threads. Each method tries once; what may be tried again is
 * told by the trouble in the exception.
 */
public final class HubClient {
  private final HubTransport transport;

  /**
   * Opens no connection yet.
   *
   * @throws dev.exodl.model.FailureException usage failure when the CA file cannot be used
   */
  public HubClient(HubSettings settings, HubListener listener) {
    this.transport = new HubTransport(settings, listener);
  }

  /**
   * What a revision stands for now. Renamed repos are followed.
   *
   * @throws SourceException repo or revision unknown, no access, or the hub is out of reach
   */
  public RepoInfo info(Repo repo, Revision revision) throws SourceException {
    URI address = transport.addresses().revision(repo, revision);
    return HubJson.repoInfo(ask(address, asked(repo, revision.name())));
  }

  /** The commit that a revision stands for now; see {@link #info}. */
  public Commit resolve(Repo repo, Revision revision) throws SourceException {
    return info(repo, revision).commit();
  }

  /** The files of a commit, to be asked for page by page; nothing is asked yet. */
  public Listing listing(Repo repo, Commit commit) {
    HubAddresses addresses = transport.addresses();
    return new Listing(this, addresses, asked(repo, commit.hex()), addresses.tree(repo, commit));
  }

  /** All files of a commit; each page is tried once. */
  public List<ListedFile> list(Repo repo, Commit commit) throws SourceException {
    List<ListedFile> files = new ArrayList<>();
    Listing listing = listing(repo, commit);
    while (listing.hasNext()) {
      files.addAll(listing.nextPage());
    }
    return files;
  }

  /**
   * Whom the token belongs to; null when there is no token.
   *
   * @throws SourceException an auth failure when the hub does not know the token
   */
  public @Nullable Whoami whoami() throws SourceException {
    if (transport.settings().token() == null) {
      return null;
    }
    URI address = transport.addresses().whoami();
    Reply reply = transport.get(address, Ask.json(transport.settings().metadataTimeout()));
    if (reply.status() == 200) {
      return HubJson.whoami(reply);
    }
    Answer answer = Answer.of(reply);
    if (answer.status() == 401) {
      Failure failure = ErrorTable.badToken(HubAddresses.shown(address));
      throw new SourceException(new Trouble.Refused(failure));
    }
    throw new SourceException(ErrorTable.withoutRepo(answer));
  }

  /**
   * Asks for anything at all, to see whether the hub answers and what time it has. Every answer
   * will do.
   *
   * @throws SourceException no answer came
   */
  public Greeting greet() throws SourceException {
    URI address = transport.addresses().whoami();
    long begin = System.nanoTime();
    try (Reply reply = transport.get(address, Ask.json(transport.settings().metadataTimeout()))) {
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      return new Greeting(
          HubAddresses.shown(address), reply.status(), date(reply.headers().first("Date")), took);
    }
  }

  private static Optional<Instant> date(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The bytes of a commit's files. */
  public ChunkSource source(Repo repo, Commit commit) {
    return new HubChunkSource(transport, repo, commit);
  }

  /** Whether it is asked with a token. */
  public boolean hasToken() {
    return transport.settings().token() != null;
  }

  /** Requests made so far, by this client and its sources, redirects and failed ones included. */
  public int requests() {
    return transport.requests();
  }

  private Asked asked(Repo repo, String revision) {
    boolean token = transport.settings().token() != null;
    return new Asked(repo, transport.addresses().page(repo), revision, null, token);
  }

  /** Asks for JSON and follows redirects that stay at home or lead to the public hub. */
  Reply ask(URI start, Asked asked) throws SourceException {
    Trail trail = new Trail(start);
    URI at = start;
    while (true) {
      Reply reply = transport.get(at, Ask.json(transport.settings().metadataTimeout()));
      if (reply.status() == 200) {
        return reply;
      }
      if (!reply.isRedirect()) {
        throw ErrorTable.exception(Answer.of(reply), asked.at(at, transport.addresses()));
      }
      try {
        at = trusted(at, trail.next(reply));
      } finally {
        reply.close();
      }
    }
  }

  private URI trusted(URI from, URI to) throws SourceException {
    boolean upgrade =
        String.valueOf(from.getHost()).equalsIgnoreCase(to.getHost())
            && "https".equalsIgnoreCase(to.getScheme());
    if (transport.addresses().isHome(to) || HubAddresses.isPublicHub(to) || upgrade) {
      return to;
    }
    throw new SourceException(
        new Trouble.Refused(
            new Failure.Network(
                from.getAuthority()
                    + " is not the hub, or a proxy is in between: it redirected to "
                    + HubAddresses.shown(to),
                HubAddresses.shown(from),
                "check HF_ENDPOINT, the proxy settings, and whether this network wants a log-in in a"
                    + " browser")));
  }
}
