package dev.exodl.download;

import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.weights.Shard;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A sync of a share of the layers as a process of its own: endpoint, repo, local dir, share, form.
 */
final class ShardMain {
  /** So that not much is on its way when it is killed. */
  private static final FetchLimits FEW =
      new FetchLimits(2, 0, 0, FetchLimits.DEFAULT.giveUpAfter());

  private ShardMain() {}

  public static void main(String[] args) {
    SyncSettings settings = new SyncSettings(HubSettings.of(URI.create(args[0])), FEW, false);
    Path dir = Path.of(args[2]);
    SyncRequest request =
        new SyncRequest(
            new Repo(RepoType.MODEL, args[1]),
            Revision.MAIN,
            SyncRequest.Selection.ALL,
            new SyncRequest.Place.LocalDir(dir, dir.resolveSibling("no-cache")),
            false,
            false,
            false,
            0,
            Optional.of(
                new ShardRequest(
                    new ShardRequest.Share.Numbered(Shard.parse("--shard", args[3])),
                    false,
                    ShardForm.valueOf(args[4]))),
            Optional.empty());
    System.out.println(
        new Sync(settings, e -> {}, new ProgressBoard()).run(request).bytesFetched());
  }
}
