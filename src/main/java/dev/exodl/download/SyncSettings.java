package dev.exodl.download;

import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.HubListener;
import dev.exodl.hub.HubSettings;

/**
 * How syncs are done on this machine, whatever is asked for.
 *
 * @param noLinks the user's system has no symbolic links, or is not to make any
 */
public record SyncSettings(HubSettings hub, FetchLimits limits, boolean noLinks) {
  /** The hub as anybody sees it. */
  HubClient anybody(HubListener listener) {
    return new HubClient(hub.withToken(null), listener);
  }
}
