package dev.exodl.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where those are, or were, with whom this node is or was in one view: who was cut off is looked
 * for there, though nobody was told of it with {@code --peers}. Of many, each node remembers those
 * that come next in the view, so each part knows some of each other one.
 */
final class Met {
  /** Of a view. */
  static final int NEXT = 64;

  static final int MOST = 2 * NEXT;

  /** A cut that lasts longer needs one in the other part that is known by other ways. */
  static final long FORGOTTEN_NANOS = 3_600_000_000_000L;

  private final Map<PhysicalAddress, Long> seen = new LinkedHashMap<>();

  /**
   * These are in one view.
   *
   * @param where knows where a member is, or does not
   */
  synchronized void see(
      List<Address> view,
      Address self,
      Function<Address, @Nullable PhysicalAddress> where,
      long now) {
    int own = view.indexOf(self);
    for (int i = Math.min(NEXT, view.size() - 1); own >= 0 && i > 0; i--) {
      PhysicalAddress at = where.apply(view.get((own + i) % view.size()));
      if (at != null) {
        seen.remove(at);
        seen.put(at, now);
      }
    }
    Iterator<Long> oldest = seen.values().iterator();
    while (oldest.hasNext() && (now - oldest.next() > FORGOTTEN_NANOS || seen.size() > MOST)) {
      oldest.remove();
    }
  }

  /** All that are remembered. */
  synchronized List<PhysicalAddress> all() {
    return new ArrayList<>(seen.keySet());
  }
}
