package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was said of a snapshot before this node knew it, and who can be asked what it is: who spoke
 * of it first may leave, or lie. Not safe for several threads.
 */
final class Early {
  /** So many messages are kept. */
  private static final int MESSAGES_MOST = 10_000;

  /** So many nodes are asked, one after the other. */
  private static final int SPEAKERS_MOST = 16;

  private final List<Consumer<Swarm>> messages = new ArrayList<>();
  private final Set<NodeId> speakers = new LinkedHashSet<>();
  private final Set<NodeId> asked = new HashSet<>();

  /** Said by somebody who can be asked. */
  void said(NodeId from, Consumer<Swarm> message) {
    if (messages.size() < MESSAGES_MOST) {
      messages.add(message);
    }
    if (speakers.size() < SPEAKERS_MOST) {
      speakers.add(from);
    }
  }

  /** Said since the snapshot is known, and to be heard after what was said before. */
  void then(Consumer<Swarm> message) {
    messages.add(message);
  }

  /** Who is to be asked next; null when all were. */
  @Nullable NodeId next() {
    for (NodeId speaker : speakers) {
      if (asked.add(speaker)) {
        return speaker;
      }
    }
    return null;
  }

  /** What was said, in its order; it is kept no more. */
  List<Consumer<Swarm>> take() {
    List<Consumer<Swarm>> taken = List.copyOf(messages);
    messages.clear();
    return taken;
  }
}
