package dev.exodl.swarm;

import dev.exodl.plan.swarm.Member;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What this node says of itself. Thread-safe. */
final class OwnCard {
  private final SwarmNode node;
  private final HostIdentity host;
  private final int port;

  /** What all were told; used by who empties the outbox. */
  private SwarmMessage.@Nullable Card told;

  /** A node's whose chunk server has this port, 0 when it has none. */
  OwnCard(SwarmNode node, HostIdentity host, int port) {
    this.node = node;
    this.host = host;
    this.port = port;
  }

  SwarmMessage.Card card() {
    return new SwarmMessage.Card(
        host.name(),
        address(),
        port,
        host.boot(),
        node.settings().zone(),
        node.hub().promises(),
        node.settings().encrypt(),
        node.swarms().stream()
            .filter(Swarm::takesPart)
            .sorted(Comparator.comparingLong(Swarm::stirredAt).reversed())
            .map(Swarm::id)
            .limit(SwarmMessage.Card.SWARMS_MOST)
            .collect(Collectors.toSet()));
  }

  private String address() {
    return node.settings().cluster().bind().address().getHostAddress();
  }

  /** This node and where it is. */
  Member member() {
    return new Member(node.self(), new Place(host.boot(), node.settings().zone(), address()));
  }

  /** Tells all who this node is, if it is not as they were told. */
  void tellCard() {
    node.put(
        () -> {
          SwarmMessage.Card card = card();
          if (!card.equals(told)) {
            told = card;
            node.deliver(node.otherMembers(), card);
          }
        });
  }
}
