package dev.exodl.swarm;

import dev.exodl.Fields;
import dev.exodl.fetch.Fetcher;
import dev.exodl.model.BlobId;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.PlanState;
import dev.exodl.plan.Run;
import dev.exodl.plan.SwarmChooser;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.share.PeerSource;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What a node of a test knows, for tests of other rooms. */
public final class Inside {
  private Inside() {}

  /** Places of the chunks that a node holds, as far as it told; of its only swarm. */
  private static BitSet held(SwarmNode node) {
    BitSet held = new BitSet();
    for (Swarm swarm : node.swarms()) {
      swarm.lock.lock();
      try {
        int slot = swarm.maps.slot(node.self());
        for (int place = 0; slot >= 0 && place < swarm.blobs.places(); place++) {
          held.set(place, swarm.maps.holds(slot, place));
        }
      } finally {
        swarm.lock.unlock();
      }
    }
    return held;
  }

  /** From now on this node asks for a peer's chunks at another port of this host. */
  @SuppressWarnings("unchecked")
  public static void redirect(SwarmNode node, NodeId peer, int port) {
    Object sources = Objects.requireNonNull(Fields.get(node.peering(), "sources"));
    var map = (Map<NodeId, PeerSource>) Objects.requireNonNull(Fields.get(sources, "sources"));
    map.put(
        peer, new PeerSource(InetAddress.getLoopbackAddress().getHostAddress(), port, null, null));
  }

  /** Whether all that this node will begin with is leased to it, as the coordinator knows it. */
  public static boolean agrees(SwarmNode node, SwarmNode coordinator) {
    BitSet ahead = ahead(node);
    ahead.andNot(leased(coordinator, node.self()));
    return ahead.isEmpty();
  }

  /** Whether a node may ask the hub for content, as far as it knows. */
  public static boolean asksHub(SwarmNode node) {
    return node.hub().reachable();
  }

  /** Whether a node has leases for chunks that it did not begin with. */
  public static boolean hasLeases(SwarmNode node) {
    return !ahead(node).isEmpty();
  }

  /** Places of the chunks that a node has leases for and did not begin with. */
  private static BitSet ahead(SwarmNode node) {
    BitSet ahead = new BitSet();
    for (Swarm swarm : node.swarms()) {
      Object fetching = Fields.get(swarm, "fetching");
      Object fetcher = fetching == null ? null : Fields.get(fetching, "fetcher");
      if (fetching != null && fetcher != null) {
        ((Fetcher) fetcher).look(plan -> look(swarm, fetching, plan, ahead));
      }
    }
    return ahead;
  }

  /** The chunks that a node has leases for and does not hold yet: the file's path, and a number. */
  public static Set<String> holding(SwarmNode node) {
    Set<String> chunks = new HashSet<>();
    for (Swarm swarm : node.swarms()) {
      Object fetching = Fields.get(swarm, "fetching");
      Object fetcher = fetching == null ? null : Fields.get(fetching, "fetcher");
      if (fetching != null && fetcher != null) {
        ((Fetcher) fetcher).look(plan -> holding(swarm, fetching, plan, chunks));
      }
    }
    return chunks;
  }

  private static Set<String> holding(
      Swarm swarm, Object fetching, PlanState plan, Set<String> chunks) {
    swarm.lock.lock();
    try {
      for (ChunkRun run : ((SwarmChooser) get(fetching, "chooser")).holding(plan)) {
        for (Object file : (List<?>) get(fetching, "files")) {
          if (swarm.blobs.number(((RepoFile) file).blob()).orElse(-1) == run.blob()) {
            IntStream.range(run.first(), run.end())
                .forEach(c -> chunks.add(((RepoFile) file).path() + " " + c));
          }
        }
      }
      return chunks;
    } finally {
      swarm.lock.unlock();
    }
  }

  /** Looks at the leases and at the runs at the same moment. */
  private static BitSet look(Swarm swarm, Object fetching, PlanState plan, BitSet ahead) {
    swarm.lock.lock();
    try {
      ((SwarmChooser) get(fetching, "chooser"))
          .holding(plan)
          .forEach(run -> set(swarm, run, ahead, true));
      List<?> files = (List<?>) get(fetching, "files");
      for (Run run : plan.runs()) {
        BlobId id = ((RepoFile) files.get(run.file())).blob();
        int blob = swarm.blobs.number(id).orElseThrow();
        set(swarm, new ChunkRun(blob, run.first(), run.end()), ahead, false);
      }
      return ahead;
    } finally {
      swarm.lock.unlock();
    }
  }

  private static void set(Swarm swarm, ChunkRun run, BitSet places, boolean to) {
    int blob = swarm.blobs.place(run.blob());
    places.set(blob + run.first(), blob + run.end(), to);
  }

  /** Places of the chunks that the coordinator leased to a node. */
  static BitSet leased(SwarmNode coordinator, NodeId to) {
    BitSet leased = new BitSet();
    for (Swarm swarm : coordinator.swarms()) {
      swarm.lock.lock();
      try {
        Object plan = get(get(get(swarm, "leases"), "leasing"), "plan");
        Object holding = ((Map<?, ?>) get(plan, "leases")).get(to);
        if (holding != null) {
          ((List<?>) get(holding, "runs")).forEach(r -> set(swarm, (ChunkRun) r, leased, true));
        }
      } finally {
        swarm.lock.unlock();
      }
    }
    return leased;
  }

  private static Object get(Object of, String field) {
    return Objects.requireNonNull(Fields.get(of, field));
  }

  /** Bytes of the chunks of the nodes' only swarm that none of these holds; at first all. */
  public static long lacking(Collection<SwarmNode> nodes) {
    BitSet held = new BitSet();
    nodes.forEach(n -> held.or(held(n)));
    Optional<Swarm> one = nodes.stream().flatMap(n -> n.swarms().stream()).findFirst();
    if (one.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Swarm swarm = one.get();
    long bytes = 0;
    for (int b = 0; b < swarm.blobs.count(); b++) {
      for (int c = 0; c < swarm.blobs.grid(b).count(); c++) {
        bytes += held.get(swarm.blobs.place(b, c)) ? 0 : swarm.blobs.grid(b).chunk(c).length();
      }
    }
    return bytes;
  }
}
