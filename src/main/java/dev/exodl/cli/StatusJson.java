package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.plan.swarm.SwarmMessage.Card;
import dev.exodl.plan.swarm.SwarmMessage.Part;
import dev.exodl.swarm.ClusterStatus;

/** A cluster's status as an object of docs/json-output.md. */
final class StatusJson {
  private StatusJson() {}

  static ObjectNode of(ClusterStatus status) {
    ObjectNode object =
        JsonOutput.ok()
            .put("cluster", status.cluster())
            .put("coordinator", status.coordinator().hex())
            .put("silent", status.silent());
    ArrayNode nodes = object.putArray("nodes");
    for (ClusterStatus.Node node : status.nodes()) {
      Card card = node.status().card();
      ArrayNode swarms =
          nodes
              .addObject()
              .put("id", node.id().hex())
              .put("name", card.name())
              .put("version", node.status().version())
              .put("coordinates", node.id().equals(status.coordinator()))
              .put("host", card.host())
              .put("port", card.port())
              .put("zone", card.zone())
              .put("asksHub", card.hub())
              .put("encrypts", card.encrypts())
              .putArray("swarms");
      node.status().parts().forEach(part -> add(swarms, part));
    }
    return object;
  }

  private static void add(ArrayNode swarms, Part part) {
    swarms
        .addObject()
        .put("repo", part.swarm().repo().id())
        .put("repoType", part.swarm().repo().type().word())
        .put("commit", part.swarm().commit().hex())
        .put("bytes", part.bytes())
        .put("held", part.held())
        .put("local", part.local())
        .put("fromHub", part.fromHub())
        .put("fromPeers", part.fromPeers())
        .put("served", part.served())
        .put("inPerSecond", part.in())
        .put("outPerSecond", part.out())
        .put("state", part.state());
  }
}
