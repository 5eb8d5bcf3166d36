package dev.exodl.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Consumer;

/** Where other nodes may be. */
interface AddressSource {
  /**
   * Asked again and again, by one thread at a time; may block for a while.
   *
   * @param self this node's address
   */
  Set<InetSocketAddress> addresses(InetSocketAddress self);

  /** Whether others hear of this node when it wants {@link #addresses}, and ask it. */
  default boolean isHeard() {
    return false;
  }

  /**
   * Begins before the first {@link #addresses}.
   *
   * @param heard to be told of an address as soon as there is one; may block for a while
   */
  default void open(Consumer<InetSocketAddress> heard) throws IOException {}

  /** This node leaves. */
  default void leave() {}

  /** The end. */
  default void close() {}
}
