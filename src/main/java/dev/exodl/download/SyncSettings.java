package dev.exodl.download;

import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.HubListener;
import dev.exodl.hub.HubSettings;
import dev.exodl.store.Reuse;

/**
 * How syncs are done on this machine, whatever is asked for.
 *
 * @param noLinks the user's system has no symbolic links, or is not to make any
 * @param reuse where content is looked for on this host first
 */
public record SyncSettings(HubSettings hub, FetchLimits limits, boolean noLinks, Reuse reuse) {
  /** As the other, and nothing is looked for on this host besides the target. */
  public SyncSettings(HubSettings hub, FetchLimits limits, boolean noLinks) {
    this(hub, limits, noLinks, Reuse.NONE);
  }

  /** The same, but for this. */
  public SyncSettings with(Reuse other) {
    return new SyncSettings(hub, limits, noLinks, other);
  }

  /** The hub as anybody sees it. */
  HubClient anybody(HubListener listener) {
    return new HubClient(hub.withToken(null), listener);
  }
}
