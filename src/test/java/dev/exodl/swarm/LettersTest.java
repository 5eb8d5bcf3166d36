package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.card;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.cluster.ClusterView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LettersTest {
  @TempDir Path folder;

  @Test
  void whoSaysWhoItIsBeforeTheMergedViewIsHereIsKnownAfterwards() {
    try (SwarmNode node = OneNode.join(folder)) {
      // The view with which it joined does not know of another one.
      SwarmTest.await(node::coordinates);
      Letters letters = new Letters(node, SeedSource.NONE);
      letters.received(B, card("b"));
      assertEquals(Optional.empty(), node.members().card(B));
      letters.view(new ClusterView(List.of(node.self(), B)));
      assertEquals(Optional.of(card("b")), node.members().card(B));
    }
  }
}
