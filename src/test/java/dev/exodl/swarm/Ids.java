package dev.exodl.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Path;
import java.util.BitSet;

/** Names and small values for the tests of this room. */
final class Ids {
  static final long MIB = 1 << 20;
  static final NodeId A = node('a');
  static final NodeId B = node('b');
  static final NodeId C = node('c');
  static final NodeId D = node('d');

  /** That of the nodes in {@link OneNode}. */
  static final SwarmId SWARM = swarm("org/model");

  static final SwarmId OTHER_SWARM = swarm("org/other");

  private Ids() {}

  private static SwarmId swarm(String repo) {
    return new SwarmId(new Repo(RepoType.MODEL, repo), new Commit("c".repeat(40)));
  }

  static NodeId node(char digit) {
    return new NodeId(String.valueOf(digit).repeat(32));
  }

  static BlobId blob(int number) {
    return BlobId.of("%064x".formatted(number));
  }

  /** A file of a listing; its path and its blob are named by the number. */
  static Entry file(int number, long bytes) {
    return new Entry("file-" + number, bytes, blob(number));
  }

  static BitSet bits(int... bits) {
    BitSet set = new BitSet();
    for (int bit : bits) {
      set.set(bit);
    }
    return set;
  }

  static BitSet range(int first, int end) {
    BitSet set = new BitSet();
    set.set(first, end);
    return set;
  }

  static SwarmMessage.Card card(String name) {
    return new SwarmMessage.Card(name, "10.0.0.1", 7872, "", "", true, false);
  }

  /** A part of a blob; the checksum of a chunk is 100 and its number. */
  record Part(ChunkGrid grid, BitSet held, Path path) implements OpenPart {
    Part(long size, long chunkSize, int... held) {
      this(new ChunkGrid(size, (int) chunkSize), bits(held), Path.of("part"));
    }

    @Override
    public BitSet have() {
      return (BitSet) held.clone();
    }

    @Override
    public int crc(int chunk) {
      return 100 + chunk;
    }
  }
}
