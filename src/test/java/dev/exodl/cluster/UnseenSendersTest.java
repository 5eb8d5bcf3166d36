package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnseenSendersTest {
  private final Strangers<String> strangers = new Strangers<>(100, 250);

  private static NodeId node(int number) {
    return new NodeId(String.format("%032x", number));
  }

  @Test
  void whatAStrangerSaidIsHeardOnceWhenAViewNamesIt() {
    strangers.keep(node(1), "a", 10);
    strangers.keep(node(2), "b", 10);
    strangers.keep(node(1), "c", 10);
    assertFalse(strangers.hasMet(node(1)));
    assertEquals(List.of("a", "c"), strangers.meet(List.of(node(1), node(3))));
    assertTrue(strangers.hasMet(node(1)));
    assertEquals(List.of("b"), strangers.meet(List.of(node(1), node(2))));
    assertEquals(List.of(), strangers.meet(List.of(node(1), node(2))));
  }

  @Test
  void oneCannotSayMoreThanThereIsRoomForOne() {
    strangers.keep(node(1), "a", 60);
    strangers.keep(node(1), "b", 60);
    strangers.keep(node(1), "c", 40);
    strangers.keep(node(2), "d", 100);
    assertEquals(List.of("a", "c", "d"), strangers.meet(List.of(node(1), node(2))));
  }

  @Test
  void whoNeverAppearsMakesRoomForTheOthers() {
    for (int i = 0; i < 1000; i++) {
      strangers.keep(node(i), "from " + i, 100);
    }
    List<NodeId> all = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      all.add(node(i));
    }
    assertEquals(List.of("from 998", "from 999"), strangers.meet(all));
    strangers.keep(node(2000), "again", 100);
    strangers.keep(node(2001), "again", 100);
    assertEquals(2, strangers.meet(List.of(node(2000), node(2001))).size(), "their room is free");
  }

  @Test
  void ofThoseThatLeftTheLastOnesAreKnown() {
    for (int i = 0; i <= Strangers.MET_MOST; i++) {
      strangers.meet(List.of(node(0), node(i)));
    }
    assertTrue(strangers.hasMet(node(0)), "it is still there");
    assertFalse(strangers.hasMet(node(1)));
    assertTrue(strangers.hasMet(node(2)));
  }
}
