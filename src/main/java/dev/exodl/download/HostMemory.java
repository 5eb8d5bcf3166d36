package dev.exodl.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory that is left for a program here: what the kernel says is available, and no more than what
 * the limits of this process' control groups leave.
 *
 * @param proc where the kernel tells it
 * @param groups where the control groups are
 */
record HostMemory(Path proc, Path groups) {
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d{1,15}) kB");

  private static final Pattern CACHED = Pattern.compile("(?:in)?active_file (\\d{1,15})");

  static final HostMemory HERE = new HostMemory(Path.of("/proc"), Path.of("/sys/fs/cgroup"));

  /** Bytes, at least one; what this process may have where the kernel does not tell. */
  long available() {
    long available = Runtime.getRuntime().maxMemory();
    try (var lines = Files.lines(proc.resolve("meminfo"))) {
      available =
          lines
              .map(AVAILABLE::matcher)
              .filter(Matcher::matches)
              .mapToLong(m -> Long.parseLong(m.group(1)) << 10)
              .findFirst()
              .orElse(available);
    } catch (IOException | RuntimeException e) {
      // Not a Linux kernel's.
    }
    return Math.max(1, Math.min(available, leftInGroups()));
  }

  /** Of the group that this process is in and of all that are around it. */
  private long leftInGroups() {
    long least = Long.MAX_VALUE;
    try (var lines = Files.lines(proc.resolve("self/cgroup"))) {
      String name =
          lines.filter(l -> l.startsWith("0::/")).map(l -> l.substring(4)).findFirst().orElse("");
      Path group = groups.resolve(name).normalize();
      while (group != null && group.startsWith(groups)) {
        OptionalLong limit = number(group.resolve("memory.max"));
        if (limit.isPresent()) {
          long used = number(group.resolve("memory.current")).orElse(0);
          long kept = Math.max(0, used - cached(group.resolve("memory.stat")));
          least = Math.min(least, limit.getAsLong() - kept);
        }
        group = group.getParent();
      }
    } catch (IOException | RuntimeException e) {
      // There are none, or of an older kind.
    }
    return least;
  }

  /**
   * Bytes of files that count as used and are given up for whoever needs memory: of a model that
   * was downloaded or read before, there may be as many as the limit.
   */
  private static long cached(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return 0;
    }
    try (var lines = Files.lines(file)) {
      return lines
          .map(CACHED::matcher)
          .filter(Matcher::matches)
          .mapToLong(m -> Long.parseLong(m.group(1)))
          .sum();
    }
  }

  /** Empty when the file is not there, or has the word for no limit. */
  private static OptionalLong number(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    String text = Files.readString(file).strip();
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
