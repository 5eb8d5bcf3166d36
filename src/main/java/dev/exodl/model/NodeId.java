package dev.exodl.model;

/** One running process of a cluster: 32 hexadecimal digits, another one at each start. */
public record NodeId(String hex) implements Comparable<NodeId> {
  public NodeId {
    if (!Hex.is(hex, 32)) {
      throw new IllegalArgumentException("not a node: " + Printable.of(hex));
    }
  }

  /** The last six digits, for people; the first ones are alike in nodes that start together. */
  public String brief() {
    return hex.substring(26);
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
