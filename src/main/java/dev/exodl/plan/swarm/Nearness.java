package dev.exodl.plan.swarm;

import java.util.Arrays;

/** How far another node is, nearest first. */
public enum Nearness {
  /** On this host. */
  HOST(0),
  /** In this zone and this subnet. */
  SUBNET(1),
  /** In this zone, another subnet. */
  ZONE(2),
  /** In another zone. */
  FAR(3);

  private final int steps;

  Nearness(int steps) {
    this.steps = steps;
  }

  /** 0 for the nearest, one more for each that is farther. */
  public int steps() {
    return steps;
  }

  /**
   * How far two nodes are from each other. The users' labels go first; then processes of one host
   * are together; a subnet is a /24 of IPv4 or a /64 of IPv6.
   */
  public static Nearness between(Place one, Place other) {
    if (!one.zone().equals(other.zone())) {
      return FAR;
    }
    if (!one.boot().isEmpty() && one.boot().equals(other.boot())) {
      return HOST;
    }
    byte[] net = AddressBytes.of(one.address());
    byte[] otherNet = AddressBytes.of(other.address());
    if (net.length == 0 || net.length != otherNet.length) {
      return ZONE;
    }
    int prefix = net.length == 4 ? 3 : 8;
    return Arrays.equals(net, 0, prefix, otherNet, 0, prefix) ? SUBNET : ZONE;
  }
}
