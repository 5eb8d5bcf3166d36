package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyMessagesTest {
  private final EarlyMessages<String> early = new EarlyMessages<>(100, 250, 0);

  private static NodeId node(int number) {
    return new NodeId(String.format("%032x", number));
  }

  @Test
  void whatAStrangerSaidIsHeardOnceWhenAViewNamesIt() {
    early.keep(node(1), "a", 10);
    early.keep(node(2), "b", 10);
    early.keep(node(1), "c", 10);
    assertFalse(early.hasMet(node(1)));
    assertEquals(List.of("a", "c"), early.meet(List.of(node(1), node(3))));
    assertTrue(early.hasMet(node(1)));
    assertEquals(List.of("b"), early.meet(List.of(node(1), node(2))));
    assertEquals(List.of(), early.meet(List.of(node(1), node(2))));
  }

  @Test
  void oneCannotSayMoreThanThereIsRoomForOne() {
    early.keep(node(1), "a", 60);
    early.keep(node(1), "b", 60);
    early.keep(node(1), "c", 40);
    early.keep(node(2), "d", 100);
    assertEquals(List.of("a", "c", "d"), early.meet(List.of(node(1), node(2))));
  }

  @Test
  void whoNeverAppearsMakesRoomForTheOthers() {
    for (int i = 0; i < 1000; i++) {
      early.keep(node(i), "from " + i, 100);
    }
    List<NodeId> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.add(node(i));
    }
    assertEquals(List.of("from 998", "from 999"), early.meet(all));
    early.keep(node(2000), "again", 100);
    early.keep(node(2001), "again", 100);
    assertEquals(2, early.meet(List.of(node(2000), node(2001))).size(), "their room is free");
  }

  @Test
  void messagesWithoutContentTakeRoomToo() {
    EarlyMessages<String> empty = new EarlyMessages<>(100, 250, 10);
    for (int i = 0; i < 1000; i++) {
      empty.keep(node(i % 50), "", 0);
    }
    List<NodeId> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(node(i));
    }
    assertEquals(25, empty.meet(all).size());
  }

  @Test
  void ofThoseThatLeftTheLastOnesAreKnown() {
    for (int i = 0; i <= EarlyMessages.MET_MOST; i++) {
      early.meet(List.of(node(0), node(i)));
    }
    assertTrue(early.hasMet(node(0)), "it is still there");
    assertFalse(early.hasMet(node(1)));
    assertTrue(early.hasMet(node(2)));
  }
}
