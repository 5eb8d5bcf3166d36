package dev.exodl.plan.swarm;

import java.util.Arrays;

/**
 * Where a node is, as its card tells.
 *
 * @param boot the host's boot id: the same on processes of one host; may be empty
 * @param zone the user's label; may be empty, which is a label like others
 * @param address of its chunk server: IPv4 or IPv6
 */
public record Place(String boot, String zone, String address) {
  /** The place on a node's card. */
  public static Place of(SwarmMessage.Card card) {
    return new Place(card.boot(), card.zone(), card.host());
  }

  /** Whether that is an address, and not a name that would have to be looked up. */
  public static boolean isAddress(String text) {
    return AddressBytes.of(text).length > 0;
  }

  /** Whether both are the same address, however they are written. */
  public static boolean isSameAddress(String one, String other) {
    return Arrays.equals(AddressBytes.of(one), AddressBytes.of(other));
  }

  /** The name of the host: its boot id, or something that no other node has. */
  String host(Object unique) {
    return boot.isEmpty() ? "alone " + unique : boot;
  }
}
