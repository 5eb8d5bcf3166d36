package dev.exodl.model;

/** One running process of a cluster: 32 hexadecimal digits, another one at each start. */
public record NodeId(String hex) implements Comparable<NodeId> {
  public NodeId {
    if (!Hex.is(hex, 32)) {
      throw new IllegalArgumentException("not a node: " + Printable.of(hex));
    }
  }

  /** The first six digits, for people. */
  public String brief() {
    return hex.substring(0, 6);
  }

  @Override
  public int compareTo(NodeId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
