package dev.exodl.cluster;

import java.net.InetSocketAddress;
import java.util.Set;

/** Where other nodes may be. */
interface AddressSource {
  /**
   * Asked again and again, by one thread at a time; may block for a while.
   *
   * @param self this node's address
   */
  Set<InetSocketAddress> addresses(InetSocketAddress self);

  /** This node leaves. */
  default void leave() {}
}
