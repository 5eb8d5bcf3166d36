package dev.exodl.cli;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.Sync;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.hub.ProxyRules;
import dev.exodl.hub.Token;
import dev.exodl.hub.UserAgent;
import java.util.Map;

/** Wires the commands to the rooms that work. */
final class RealJobs implements Jobs {
  private final Map<String, String> environment;

  /** Jobs that reach the network through the proxies that the environment names. */
  RealJobs(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public RunningSync sync(Means means, SyncListener listener, ProgressBoard board) {
    FetchLimits limits =
        new FetchLimits(means.maxConnections(), means.maxRate(), FetchLimits.DEFAULT.giveUpAfter());
    Sync sync =
        new Sync(new SyncSettings(hubSettings(means), limits, !means.symlinks()), listener, board);
    return new RunningSync() {
      @Override
      public SyncResult run(SyncRequest request) {
        return sync.run(request);
      }

      @Override
      public void stop() {
        sync.stop();
      }
    };
  }

  private HubSettings hubSettings(Means means) {
    return new HubSettings(
        means.endpoint(),
        Token.in(means.token().orElse(null)),
        means.metadataTimeout(),
        means.downloadTimeout(),
        UserAgent.text(means.userAgentOrigin().orElse(null), means.telemetry()),
        ProxyRules.from(environment),
        means.caFile().orElse(null));
  }
}
