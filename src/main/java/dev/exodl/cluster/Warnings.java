package dev.exodl.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JGroups' warnings made fit for people: what is normal when connections come and go is left out,
 * refused strangers are told in our words, and nothing is told twice within a minute.
 */
final class Warnings {
  private static final long AGAIN_NANOS = 60_000_000_000L;
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

  private final Map<String, Long> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final boolean keyed;

  /**
   * Warnings of a node.
   *
   * @param keyed whether it has a cluster key
   */
  Warnings(boolean keyed) {
    this.keyed = keyed;
  }

  /** What to tell of a warning, if anything. */
  synchronized Optional<String> tell(String warning, long nanos) {
    String text = words(warning);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Long before = told.get(text);
    if (before != null && nanos - before < AGAIN_NANOS) {
      return Optional.empty();
    }
    told.put(text, nanos);
    return Optional.of(text);
  }

  private String words(String warning) {
    if (keyed && warning.contains("failed accepting connection") && warning.contains("SSL_NULL")) {
      return refused(at(warning));
    }
    if (warning.contains("does not match own cookie") || warning.contains("max accepted length")) {
      return keyed
          ? "refused a node" + at(warning) + ": it is no node of this cluster"
          : withoutOurKey(false, at(warning));
    }
    return NORMAL.matcher(warning).find() ? "" : warning;
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
