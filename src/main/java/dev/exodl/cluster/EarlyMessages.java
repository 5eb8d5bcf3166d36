package dev.exodl.cluster;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Messages of nodes that no view has named yet: kept for the view that does, but no more than there
 * is room for, as anybody may send some who never appears in a view. Not safe for several threads.
 *
 * @param <M> a message
 */
final class EarlyMessages<M> {
  /** Of nodes that were in a view so many are known, of those that left the last ones. */
  static final int MET_MOST = 20_000;

  private final long mostOfOne;
  private final long most;
  private final long ofEach;
  private final Set<NodeId> met = new LinkedHashSet<>();
  private final Map<NodeId, Kept<M>> kept = new LinkedHashMap<>();
  private long bytes;

  /** What one node said, in its order. */
  private static final class Kept<M> {
    final List<M> messages = new ArrayList<>();
    long bytes;
  }

  /**
   * Nobody was met yet.
   *
   * @param mostOfOne bytes that are kept of one node
   * @param most and of all
   * @param ofEach bytes that a message takes beside its content
   */
  EarlyMessages(long mostOfOne, long most, long ofEach) {
    this.mostOfOne = mostOfOne;
    this.most = most;
    this.ofEach = ofEach;
  }

  /** Whether a view named this node, perhaps an older one. */
  boolean hasMet(NodeId node) {
    return met.contains(node);
  }

  /** A view names these; what they said before, each node's in its order. */
  List<M> meet(Collection<NodeId> nodes) {
    List<M> said = new ArrayList<>();
    for (NodeId node : nodes) {
      met.remove(node);
      met.add(node);
      Kept<M> of = kept.remove(node);
      if (of != null) {
        bytes -= of.bytes;
        said.addAll(of.messages);
      }
    }
    Iterator<NodeId> oldest = met.iterator();
    for (int over = met.size() - Math.max(MET_MOST, nodes.size()); over > 0; over--) {
      oldest.next();
      oldest.remove();
    }
    return said;
  }

  /** One that no view has named says something. Those that began to long ago make room. */
  void keep(NodeId from, M message, long length) {
    Kept<M> of = kept.computeIfAbsent(from, n -> new Kept<>());
    long taken = length + ofEach;
    if (of.bytes + taken > mostOfOne) {
      return;
    }
    of.messages.add(message);
    of.bytes += taken;
    bytes += taken;
    Iterator<Kept<M>> first = kept.values().iterator();
    while (bytes > most) {
      bytes -= first.next().bytes;
      first.remove();
    }
  }
}
