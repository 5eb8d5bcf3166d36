package dev.exodl.demo;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** What has just happened in the demo's story. */
public sealed interface DemoStep {
  /** The hub serves a model of that many files and bytes, which was made in {@code took}. */
  record HubReady(URI endpoint, String repo, int files, long bytes, Duration took)
      implements DemoStep {}

  /** So many nodes begin to sync it. */
  record NodesBegin(int nodes) implements DemoStep {}

  /**
   * All nodes have it. Requests and bytes are those that the hub counted.
   *
   * @param modelBytes what the model has in all
   * @param nodes what each of them did
   */
  record Synced(int requests, long bytes, long modelBytes, List<Demo.Fetched> nodes)
      implements DemoStep {
    public Synced {
      nodes = List.copyOf(nodes);
    }

    /** Until the last node had it. */
    public Duration took() {
      return nodes.stream().map(Demo.Fetched::took).max(Duration::compareTo).orElse(Duration.ZERO);
    }
  }

  /** One node's sync once more. */
  record SyncedAgain(int requests, long bytes, Duration took) implements DemoStep {}

  /**
   * Every file was read back from the disk and has the hash that the hub lists.
   *
   * @param files of each node
   * @param bytes of all nodes
   */
  record Verified(int nodes, int files, long bytes, Duration took) implements DemoStep {}
}
