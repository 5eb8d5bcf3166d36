package dev.exodl.plan.swarm;

/**
 * Adjacent chunks of a blob, from {@code first} to {@code end} (exclusive).
 *
 * @param blob the blob's number in its swarm, see {@link SwarmBlobs}
 */
public record ChunkRun(int blob, int first, int end) {
  public ChunkRun {
    if (blob < 0 || first < 0 || end <= first) {
      throw new IllegalArgumentException("no run: " + blob + ", " + first + " to " + end);
    }
  }

  public int chunks() {
    return end - first;
  }
}
