package dev.exodl.plan.swarm;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;

/** What a swarm is about. */
public record SwarmId(Repo repo, Commit commit) {
  @Override
  public String toString() {
    return repo + "@" + commit.brief();
  }
}
