package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.blob;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwarmTest {
  private static final RepoFile FILE = new RepoFile(new RepoPath("file-0"), 4 * MIB, blob(0));

  @TempDir Path folder;

  /** A part that notes whether it was looked at with the swarm's lock held. */
  private record Slow(Ids.Part part, Swarm swarm, List<Boolean> locked) implements OpenPart {
    @Override
    public ChunkGrid grid() {
      return part.grid();
    }

    @Override
    public BitSet have() {
      locked.add(swarm.lock.isHeldByCurrentThread());
      return part.have();
    }

    @Override
    public int crc(int chunk) {
      locked.add(swarm.lock.isHeldByCurrentThread());
      return part.crc(chunk);
    }

    @Override
    public Path path() {
      return part.path();
    }
  }

  @Test
  void aPartThatWaitsForTheDiskDoesNotHoldTheSwarmUp() {
    try (SwarmNode node = OneNode.join(folder)) {
      Swarm swarm = node.enter(OneNode.listed(file(0, 4 * MIB)), Map.of());
      Slow part = new Slow(new Ids.Part(4 * MIB, MIB, 0, 1), swarm, new ArrayList<>());
      swarm.opened(FILE, part);
      part.part.held().set(2);
      swarm.held(FILE, part, part.grid().chunk(2));
      part.part.held().andNot(bits(0, 1));
      swarm.lost(FILE, part);
      assertEquals(MIB, swarm.figures().status().held());
      assertEquals(List.of(false), part.locked.stream().distinct().toList());
    }
  }
}
