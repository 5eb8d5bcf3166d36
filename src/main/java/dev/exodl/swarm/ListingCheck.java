package dev.exodl.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether a listing that another node told can be one. Names are checked by whoever writes files.
 */
final class ListingCheck {
  private static final int MOST_FILES = 1_000_000;

  /** A petabyte: no repo is larger, and sums stay far from overflowing. */
  private static final long MOST_BYTES = 1L << 50;

  private ListingCheck() {}

  /**
   * Checks it.
   *
   * @throws FailureException integrity failure
   */
  static SwarmMessage.Listed checked(SwarmMessage.Listed listed, Revision asked) {
    if (asked.isCommit() && !asked.name().equalsIgnoreCase(listed.commit().hex())) {
      throw wrong(listed, "it is of commit " + listed.commit().brief() + ", not of that asked for");
    }
    if (listed.files().size() > MOST_FILES) {
      throw wrong(listed, "it has more than " + MOST_FILES + " files");
    }
    long sum = 0;
    Map<BlobId, Long> sizes = new HashMap<>();
    for (Entry entry : listed.files()) {
      if (entry.size() < 0 || entry.size() > MOST_BYTES || (sum += entry.size()) > MOST_BYTES) {
        throw wrong(listed, "its sizes cannot be");
      }
      Long before = sizes.putIfAbsent(entry.blob(), entry.size());
      if (before != null && before != entry.size()) {
        throw wrong(listed, "it has one content with two sizes");
      }
    }
    return listed;
  }

  private static FailureException wrong(SwarmMessage.Listed listed, String why) {
    return new FailureException(
        new Failure.Integrity(
            "another node told a listing that cannot be: " + why,
            listed.repo().toString(),
            "look at the cluster's other nodes; without --cluster the hub itself is asked"));
  }
}
