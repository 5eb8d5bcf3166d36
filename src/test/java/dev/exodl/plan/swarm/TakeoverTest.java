package dev.exodl.plan.swarm;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.exodl.model.NodeId;
import dev.exodl.plan.sim.Swarms;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TakeoverTest {
  private static final int CHUNK = 64 << 20;

  private final SwarmBlobs blobs = new SwarmBlobs(Swarms.model(1, 4L << 40));
  private final Map<NodeId, Holding> leases = new HashMap<>();
  private final Takeover takeover = new Takeover(blobs, new HaveMaps(blobs), leases);

  private static SwarmMessage.AskLease ask(long bytesPerSecond) {
    BitSet wanted = new BitSet();
    wanted.set(0);
    return new SwarmMessage.AskLease(Swarms.ID, wanted, List.of(), bytesPerSecond, true);
  }

  /** All come together: two GiB, of which an int cannot tell the bytes. */
  @Test
  void whoFetchesManyLargeChunksAtATimeIsNotStuckBeforeTheyCanAllBeHere() {
    assertEquals(CHUNK, blobs.chunkSize());
    Holding holding = new Holding(false);
    holding.runs.add(new ChunkRun(0, 0, 32));
    holding.left = 32;
    holding.begunTold = 32;
    holding.bytesPerSecond = 100 << 20;
    leases.put(node(1), holding);
    assertNull(takeover.by(node(2), ask(1L << 30), 20_000), "they take 20 s");
    assertNotNull(takeover.by(node(2), ask(1L << 30), 80_000));
  }
}
