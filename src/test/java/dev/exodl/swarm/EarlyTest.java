package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.exodl.model.NodeId;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EarlyTest {
  private final Early early = new Early();

  @Test
  void whoSpokeOfItIsAskedOnceOneAfterTheOther() {
    early.said(A, swarm -> {});
    early.said(B, swarm -> {});
    early.said(A, swarm -> {});
    assertEquals(A, early.next());
    assertEquals(B, early.next());
    assertNull(early.next());
    early.said(A, swarm -> {});
    assertNull(early.next());
  }

  @Test
  void notAnyNumberOfNodesIsAsked() {
    for (int i = 0; i < 200; i++) {
      early.said(new NodeId("%032x".formatted(i)), swarm -> {});
    }
    int asked = 0;
    while (early.next() != null) {
      asked++;
    }
    assertEquals(16, asked);
  }

  @Test
  void whatWasSaidIsHeardInItsOrderAndOnce() {
    Consumer<Swarm> first = swarm -> {};
    Consumer<Swarm> then = swarm -> {};
    early.said(A, first);
    early.then(then);
    assertEquals(List.of(first, then), early.take());
    assertEquals(List.of(), early.take());
  }
}
