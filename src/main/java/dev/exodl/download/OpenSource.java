package dev.exodl.download;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.hub.HubClient;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import org.jspecify.annotations.Nullable;

/**
 * A commit's files as the hub gives them to anybody: what is shared without a key is fetched
 * without the token, whatever another node said of the repo. Only when the hub wants quiet of those
 * without a token, and tells this node itself that anybody may read the repo, does it go on with
 * the token, which raises the quota and nothing else then.
 */
final class OpenSource implements ChunkSource {
  private final HubClient own;
  private final Repo repo;
  private final Commit commit;
  private final ChunkSource anybody;

  /** Guarded by this; null until the hub told it. */
  private @Nullable Boolean open;

  /** Guarded by this; whether there is nothing more to ask. */
  private boolean settled;

  private volatile @Nullable ChunkSource withToken;

  /** {@code own} has the token, if this node has one; {@code anybody} has none. */
  OpenSource(HubClient anybody, HubClient own, Repo repo, Commit commit) {
    this.own = own;
    this.repo = repo;
    this.commit = commit;
    this.anybody = anybody.source(repo, commit);
  }

  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    ChunkSource better = withToken;
    if (better != null) {
      return better.open(file, range);
    }
    try {
      return anybody.open(file, range);
    } catch (SourceException e) {
      if (e.trouble() instanceof Trouble.Throttled
          && own.hasToken()
          && Boolean.TRUE.equals(saidOpen())) {
        ChunkSource source = own.source(repo, commit);
        withToken = source;
        return source.open(file, range);
      }
      throw e.trouble() instanceof Trouble.Refused refused ? refused(e, refused.failure()) : e;
    }
  }

  /**
   * Whether anybody may read the repo, as the hub tells this node; asked until it answers. Null
   * when it does not.
   */
  private synchronized @Nullable Boolean saidOpen() {
    if (!settled) {
      try {
        open = own.info(repo, new Revision(commit.hex())).isOpen();
        settled = true;
      } catch (SourceException e) {
        settled = e.trouble() instanceof Trouble.Refused;
      }
    }
    return open;
  }

  private SourceException refused(SourceException e, Failure said) {
    return switch (said) {
      // Else it is disabled, or who is in between forbids it.
      case Failure.Auth auth when Boolean.FALSE.equals(saidOpen()) ->
          new SourceException(
              new Trouble.Refused(NotOpen.failure(repo.toString(), auth.where())), e);
      case Failure.NotFound gone when own.hasToken() ->
          new SourceException(
              new Trouble.Refused(
                  new Failure.NotFound(
                      gone.what() + ", at least for those without a token",
                      gone.where(),
                      NotOpen.NEXT)),
              e);
      default -> e;
    };
  }
}
