package dev.exodl.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JGroups' warnings made fit for people: what is normal when connections come and go is left out,
 * refused strangers are told in our words. Details are not told twice within a minute, nor warnings
 * within ten, of which there are a few only: anybody can connect, from any number of addresses.
 */
final class Warnings {
  private static final long AGAIN_NANOS = 60_000_000_000L;
  private static final long WARN_AGAIN_NANOS = 10 * AGAIN_NANOS;

  /** So many in that time; more are details. */
  static final int WARNED_MOST = 20;

  private static final int REMEMBERED = 200;

  /** A connection that ended, as each does; two nodes that connected to each other at once. */
  private static final Pattern NORMAL =
      Pattern.compile(
          "failed sending graceful close"
              + "|failed handling message.*(Stream closed|Socket closed|Connection reset|Broken pipe|closed)"
              + "|failed accepting connection.*(EOFException|Socket is closed|Socket closed|Connection reset)"
              + "|JOIN\\(.*timed out");

  private static final Pattern PEER =
      Pattern.compile("(?:addr=|hostname=|sent by |from )/?([0-9a-fA-F.:]*[0-9a-fA-F])");

  private final LinkedHashMap<String, Long> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final boolean keyed;
  private long warnedSince;
  private int warned;

  /**
   * What to tell.
   *
   * @param warns whether the user should know it
   */
  record Said(String text, boolean warns) {}

  /**
   * Warnings of a node.
   *
   * @param keyed whether it has a cluster key
   */
  Warnings(boolean keyed) {
    this.keyed = keyed;
  }

  /** What to tell of a line of JGroups' log, if anything. */
  Optional<Said> logged(String line, long nanos) {
    if (keyed && line.contains("failed accepting connection") && line.contains("SSL_NULL")) {
      return warn(refused(at(line)), nanos);
    }
    if (line.contains("does not match own cookie") || line.contains("max accepted length")) {
      return keyed
          ? tell("refused a node" + at(line) + ": it is no node of this cluster", nanos)
          : warn(withoutOurKey(false, at(line)), nanos);
    }
    return NORMAL.matcher(line).find() ? Optional.empty() : tell(line, nanos);
  }

  /** What to tell of something that the user should know, if anything. */
  synchronized Optional<Said> warn(String text, long nanos) {
    if (!isNew(text, nanos, WARN_AGAIN_NANOS)) {
      return Optional.empty();
    }
    if (warned == 0 || nanos - warnedSince >= WARN_AGAIN_NANOS) {
      warnedSince = nanos;
      warned = 0;
    }
    warned++;
    return Optional.of(new Said(text, warned <= WARNED_MOST));
  }

  private synchronized Optional<Said> tell(String text, long nanos) {
    return isNew(text, nanos, AGAIN_NANOS) ? Optional.of(new Said(text, false)) : Optional.empty();
  }

  private boolean isNew(String text, long nanos, long again) {
    Long before = told.get(text);
    if (before != null && nanos - before < again) {
      return false;
    }
    told.putLast(text, nanos);
    return true;
  }

  /** What is said of one that could not show the key. */
  static String refused(String at) {
    return "refused a node" + at + ": it does not have this cluster's key";
  }

  /** What is said of one whose key is another one than this node's, which may be none. */
  static String withoutOurKey(boolean keyed, String at) {
    return keyed
        ? refused(at)
        : "refused a node" + at + ": it has a cluster key, this one has none (--cluster-key)";
  }

  private static String at(String warning) {
    Matcher peer = PEER.matcher(warning);
    if (!peer.find()) {
      return "";
    }
    // The port is another one each time.
    return " at "
        + peer.group(1).replaceFirst("(?<=\\d\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}):\\d+$", "");
  }
}
