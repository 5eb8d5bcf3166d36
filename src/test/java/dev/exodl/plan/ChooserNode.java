package dev.exodl.plan;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.NodeId;
import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** A node with its plan; the maps may be those of others too. */
final class ChooserNode {
  final SwarmBlobs blobs;
  final HaveMaps maps;
  final PlanState plan;
  final SwarmChooser chooser;

  ChooserNode(List<Entry> entries, int pulls, int hub) {
    blobs = new SwarmBlobs(entries);
    maps = new HaveMaps(blobs);
    plan = new PlanState(entries.stream().map(Entry::size).toList(), blobs.chunkSize(), 4);
    List<Integer> numbers = IntStream.range(0, entries.size()).boxed().toList();
    chooser = new SwarmChooser(blobs, maps, numbers, pulls, hub, new Random(1));
  }

  static Origin from(int node) {
    return new Origin.Peer(Swarms.node(node));
  }

  static BitSet bits(int first, int end) {
    BitSet bits = new BitSet();
    bits.set(first, end);
    return bits;
  }

  /** This node has all of the one large file, which is cut into so many chunks. */
  void toldAll(NodeId node, int chunks) {
    SwarmMessage.HeldChunks all = new SwarmMessage.HeldChunks(0, bits(0, chunks), List.of());
    maps.told(node, new SwarmMessage.Have(Swarms.ID, true, List.of(all), true));
  }

  void told(NodeId node, int blob, int first, int end) {
    BitSet bits = bits(first, end);
    maps.told(
        node,
        new SwarmMessage.Have(
            Swarms.ID, false, List.of(new SwarmMessage.HeldChunks(blob, bits, List.of())), false));
  }

  void open(int file, ChunkGrid grid, BitSet have) {
    plan.apply(new PlanEvent.FileOpening(file));
    plan.apply(new PlanEvent.FileOpened(file, grid, have));
  }

  /** All that can begin now; files are opened with nothing in them. */
  List<Step.Fetch> begin(long now) {
    List<Step.Fetch> begun = new ArrayList<>();
    while (true) {
      switch (chooser.next(plan, now)) {
        case Step.Open open -> open(open.file(), blobs.grid(open.file()), new BitSet());
        case Step.Fetch fetch -> {
          plan.apply(new PlanEvent.RunStarted(fetch.run()));
          begun.add(fetch);
        }
        case Step.Idle idle -> {
          return begun;
        }
      }
    }
  }

  void end(Step.Fetch fetch, boolean came) {
    for (int c = fetch.run().first(); came && c < fetch.run().end(); c++) {
      plan.apply(new PlanEvent.ChunkHeld(fetch.run().file(), c));
    }
    plan.apply(new PlanEvent.RunEnded(fetch.run().id()));
  }

  Set<Integer> chunks(List<Step.Fetch> fetches) {
    Set<Integer> chunks = new HashSet<>();
    for (Step.Fetch fetch : fetches) {
      for (int c = fetch.run().first(); c < fetch.run().end(); c++) {
        assertTrue(chunks.add(blobs.place(fetch.run().file(), c)), "twice");
      }
    }
    return chunks;
  }
}
