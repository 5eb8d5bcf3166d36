package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.Bind;
import dev.exodl.cluster.ClusterKey;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.Discovery;
import dev.exodl.plan.swarm.Strategy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a node listens, as the system tells it: at the address of {@code --bind} only. */
class ListeningTest {
  private static final String LISTENS = "0A";

  @TempDir Path folder;

  @Test
  void atTheAddressThatWasGiven() throws Exception {
    Path key = folder.resolve("key");
    ClusterKey.generate(key);
    for (ClusterKey with : new ClusterKey[] {null, ClusterKey.load(key)}) {
      Set<String> sockets = socketsOf("127.0.0.2", Discovery.parse("file:" + folder), with);
      // The cluster's traffic, whether it lives, and chunks.
      assertEquals(3, sockets.size(), sockets.toString());
      sockets.forEach(s -> assertTrue(s.startsWith("tcp 127.0.0.2:"), sockets.toString()));
    }
  }

  @Test
  void andAtTheMulticastGroup() throws Exception {
    Set<String> sockets =
        socketsOf("127.0.0.1", Discovery.parse("multicast:239.192.78.21:7839"), null);
    assertTrue(sockets.remove("udp 239.192.78.21:7839"), sockets.toString());
    // It calls from a socket of its own.
    assertEquals(4, sockets.size(), sockets.toString());
    sockets.forEach(s -> assertTrue(s.contains(" 127.0.0.1:"), sockets.toString()));
  }

  /** What is open because of a node that is in the cluster, and serves. */
  private static Set<String> socketsOf(String bind, Discovery discovery, @Nullable ClusterKey key)
      throws IOException {
    Set<String> before = inodes();
    NodeSettings settings =
        new NodeSettings(
            new ClusterSettings(
                "listening",
                new Bind(InetAddress.getByName(bind), 0, "of the test"),
                discovery,
                key),
            key != null,
            "",
            Strategy.SWARM,
            0,
            0,
            1,
            Duration.ofSeconds(20),
            new Linger.Never());
    NodePorts ports =
        new NodePorts(
            (repo, revision) -> {
              throw new IllegalStateException("nobody asks");
            },
            SeedSource.NONE,
            true,
            false,
            "test",
            new NodeListener() {
              @Override
              public void warn(String text) {}

              @Override
              public void detail(String text) {}
            });
    try (SwarmNode _ = SwarmNode.join(settings, ports)) {
      Set<String> mine = inodes();
      mine.removeAll(before);
      Set<String> sockets = new TreeSet<>();
      for (String kind : List.of("tcp", "tcp6", "udp", "udp6")) {
        Path table = Path.of("/proc/net", kind);
        List<String> lines = Files.exists(table) ? Files.readAllLines(table) : List.of();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
          String[] fields = line.strip().split(" +");
          boolean open = kind.startsWith("udp") || fields[3].equals(LISTENS);
          if (open && mine.contains(fields[9])) {
            sockets.add(kind.substring(0, 3) + " " + address(fields[1]));
          }
        }
      }
      return sockets;
    }
  }

  /** The sockets of this process; numbers as in the tables. */
  private static Set<String> inodes() throws IOException {
    List<Path> open;
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      open = new ArrayList<>(files.toList());
    }
    Set<String> inodes = new HashSet<>();
    for (Path file : open) {
      try {
        String target = Files.readSymbolicLink(file).toString();
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring(8, target.length() - 1));
        }
      } catch (IOException e) {
        // Closed meanwhile, as the one that listed them.
      }
    }
    return inodes;
  }

  /** Words of 32 bits, each with its last byte first, and a port. */
  private static String address(String hex) throws IOException {
    String[] parts = hex.split(":");
    byte[] told = HexFormat.of().parseHex(parts[0]);
    byte[] bytes = new byte[told.length];
    for (int i = 0; i < told.length; i++) {
      bytes[i] = told[i - i % 4 + 3 - i % 4];
    }
    // An IPv4 address in IPv6's clothes becomes IPv4 here.
    return InetAddress.getByAddress(bytes).getHostAddress() + ":" + Integer.parseInt(parts[1], 16);
  }
}
