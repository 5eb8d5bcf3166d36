package dev.exodl.download;

import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.net.URI;
import java.nio.file.Path;

/** A sync as a process of its own: endpoint, repo, cache. Prints the bytes that it fetched. */
final class SyncMain {
  private SyncMain() {}

  public static void main(String[] args) {
    SyncSettings settings =
        new SyncSettings(HubSettings.of(URI.create(args[0])), FetchLimits.DEFAULT, false);
    SyncRequest request =
        new SyncRequest(
            new Repo(RepoType.MODEL, args[1]),
            Revision.MAIN,
            SyncRequest.Selection.ALL,
            new SyncRequest.Place.Cache(Path.of(args[2])),
            false,
            false,
            false,
            0);
    SyncResult result = new Sync(settings, e -> {}, new ProgressBoard()).run(request);
    System.out.println(result.bytesFetched());
  }
}
