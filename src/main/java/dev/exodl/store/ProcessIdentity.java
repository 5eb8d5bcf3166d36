package dev.exodl.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which process this is, so that another one can tell whether it still lives.
 *
 * @param boot changes with each start of the machine's kernel, and tells kernels apart
 * @param pids the namespace that {@code pid} is counted in; containers have their own
 * @param started tells the process from a later one with the same number
 */
record ProcessIdentity(
    String host, String boot, String pids, String user, long pid, String started) {
  private static final Path PROC = Path.of("/proc");

  /**
   * Read when first asked for, and never in a static initialiser: those run when the native binary
   * is built, and every process of it would have the identity of the builder.
   */
  private static volatile @Nullable ProcessIdentity mine;

  static ProcessIdentity mine() {
    ProcessIdentity known = mine;
    if (known == null) {
      known = read();
      mine = known;
    }
    return known;
  }

  private static ProcessIdentity read() {
    String host = line(PROC.resolve("sys/kernel/hostname")).orElseGet(ProcessIdentity::hostName);
    String boot = line(PROC.resolve("sys/kernel/random/boot_id")).orElse("host " + host);
    long pid = ProcessHandle.current().pid();
    return new ProcessIdentity(
        clean(host),
        clean(boot),
        namespace(),
        clean(System.getProperty("user.name", "")),
        pid,
        start(pid).orElse(""));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static String namespace() {
    try {
      return clean(Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString());
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static Optional<String> line(Path file) {
    try {
      return Files.readString(file).lines().map(String::strip).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String clean(String text) {
    return text.replaceAll("[^\\x21-\\x7e]", "_");
  }

  boolean sameKernel(ProcessIdentity other) {
    return boot.equals(other.boot);
  }

  /** Whether this process can be asked for by its number from here. */
  boolean visibleHere() {
    ProcessIdentity mine = mine();
    return sameKernel(mine) && pids.equals(mine.pids);
  }

  /**
   * Whether the process lives; only for one that is {@link #visibleHere()}. One that ended but was
   * not reaped is dead.
   */
  boolean alive() {
    if (ProcessHandle.of(pid).isEmpty()) {
      return false;
    }
    Optional<String> now = start(pid);
    return now.isEmpty() || started.isEmpty() || now.get().equals(started);
  }

  /**
   * What tells a process from others with its number: on Linux its start in clock ticks since boot.
   */
  private static Optional<String> start(long pid) {
    Path stat = PROC.resolve(pid + "/stat");
    if (!Files.exists(stat)) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(instant -> Long.toString(instant.getEpochSecond()));
    }
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      // proc(5): the name in brackets may hold anything; then the state is field 3, the start field
      // 22.
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      return Optional.of(ended ? "ended" : fields[19]);
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** For people. */
  String told() {
    return sameKernel(mine())
        ? "process " + pid + " on this machine"
        : "process " + pid + " on " + host;
  }

  List<String> lines() {
    return List.of(host, boot, pids, user, Long.toString(pid), started);
  }

  /** Reads {@link #lines()}; empty when they are not. */
  static Optional<ProcessIdentity> of(List<String> lines) {
    try {
      return Optional.of(
          new ProcessIdentity(
              lines.get(0),
              lines.get(1),
              lines.get(2),
              lines.get(3),
              Long.parseLong(lines.get(4)),
              lines.get(5)));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
