package dev.exodl.share;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, of which there are only so many, in all and from one address. Who has not shown
 * yet that it belongs here gives way, the oldest first: a stranger who says nothing takes no place
 * of a node. Thread-safe.
 */
final class Places {
  /** One connection. */
  interface Guest {
    InetAddress peer();

    /** Whether it showed that it belongs here. */
    boolean belongs();

    /** Closes it, without waiting. */
    void drop();
  }

  private final int most;
  private final int mostEach;

  /** In the order in which they came. Guarded by this. */
  private final Set<Guest> guests = new LinkedHashSet<>();

  Places(int most, int mostEach) {
    this.most = most;
    this.mostEach = mostEach;
  }

  /** Lets one in, to be given back; false when all who are here belong here. */
  boolean take(Guest guest) {
    Guest gives = null;
    synchronized (this) {
      InetAddress peer = guest.peer();
      boolean each = guests.stream().filter(g -> g.peer().equals(peer)).count() >= mostEach;
      if (each || guests.size() >= most) {
        gives = stranger(g -> !each || g.peer().equals(peer));
        if (gives == null) {
          return false;
        }
        guests.remove(gives);
      }
      guests.add(guest);
    }
    if (gives != null) {
      gives.drop();
    }
    return true;
  }

  private @Nullable Guest stranger(Predicate<Guest> which) {
    return guests.stream().filter(g -> !g.belongs()).filter(which).findFirst().orElse(null);
  }

  /** It is closed, by whomever. */
  synchronized void giveBack(Guest guest) {
    guests.remove(guest);
  }
}
