package dev.exodl.plan.sim;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import java.util.ArrayList;
import java.util.List;

/** Values that tests of swarms need. */
public final class Swarms {
  public static final SwarmId ID =
      new SwarmId(new Repo(RepoType.MODEL, "org/model"), new Commit("0".repeat(40)));

  private Swarms() {}

  /** Files of one size. */
  public static List<Entry> model(int files, long size) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      String path = String.format("model-%05d", i);
      entries.add(new Entry(path, size, new BlobId.Sha256(String.format("%064x", i + 1))));
    }
    return entries;
  }

  public static NodeId node(int number) {
    return new NodeId(String.format("%032x", number));
  }
}
