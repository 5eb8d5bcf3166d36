package dev.exodl.download;

import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.store.Caches;
import dev.exodl.store.Link;
import dev.exodl.store.Reuse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A sync with several caches as a process of its own: endpoint, repo, the event at which a mount is
 * taken away (or none), that mount, caches. Prints the bytes that it fetched and the path, or the
 * failure.
 */
final class TierMain {
  private TierMain() {}

  public static void main(String[] args) {
    AtomicBoolean taken = new AtomicBoolean();
    SyncListener listener =
        event -> {
          if (event.getClass().getSimpleName().equals(args[2]) && !taken.getAndSet(true)) {
            take(args[3]);
          }
        };
    SyncSettings settings =
        new SyncSettings(HubSettings.of(URI.create(args[0])), FetchLimits.DEFAULT, false)
            .with(new Reuse(List.of(), Link.AUTO, Optional.empty()));
    Caches caches =
        Caches.of(
            Arrays.stream(args).skip(4).map(a -> new Caches.Tier(Path.of(a), false)).toList());
    SyncRequest request =
        new SyncRequest(
            new Repo(RepoType.MODEL, args[1]),
            Revision.MAIN,
            SyncRequest.Selection.ALL,
            new SyncRequest.Place.Cache(caches),
            false,
            false,
            false,
            0);
    try {
      SyncResult result = new Sync(settings, listener, new ProgressBoard()).run(request);
      System.out.println(result.bytesFetched() + " " + result.path());
    } catch (FailureException e) {
      System.out.println(e.failure().exitCode().number() + " " + e.failure().line());
    }
  }

  private static void take(String mount) {
    try {
      if (new ProcessBuilder("umount", "-l", mount).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException("cannot unmount " + mount);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
