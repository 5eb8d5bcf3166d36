package dev.exodl.demo;

import java.net.URI;
import java.time.Duration;

/** What has just happened in the demo's story. */
public sealed interface DemoStep {
  /** The hub serves a model of that many files and bytes, which was made in {@code took}. */
  record HubReady(URI endpoint, String repo, int files, long bytes, Duration took)
      implements DemoStep {}

  /**
   * A sync ended. Requests and bytes are those that the hub counted.
   *
   * @param modelBytes what the model has in all
   */
  record Synced(int requests, long bytes, long modelBytes, Duration took) implements DemoStep {}

  /** The same sync once more. */
  record SyncedAgain(int requests, long bytes, Duration took) implements DemoStep {}

  /** Every file was read back from the disk and has the hash that the hub lists. */
  record Verified(int files, long bytes, Duration took) implements DemoStep {}
}
