package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

class MetTest {
  private static List<Address> view(int from, int to) {
    return IntStream.range(from, to).<Address>mapToObj(MetTest::node).toList();
  }

  private static Address node(int number) {
    return new UUID(1, number);
  }

  private static PhysicalAddress where(Address node) {
    return new IpAddress(10_000 + (int) ((UUID) node).getLeastSignificantBits());
  }

  private static Set<PhysicalAddress> where(int from, int to) {
    Set<PhysicalAddress> all = new HashSet<>();
    view(from, to).forEach(n -> all.add(where(n)));
    return all;
  }

  @Test
  void whoWasCutOffIsRemembered() {
    Met met = new Met();
    met.see(view(0, 5), node(2), MetTest::where, 0);
    Set<PhysicalAddress> others = where(0, 5);
    others.remove(where(node(2)));
    assertEquals(others, Set.copyOf(met.all()));
    met.see(view(2, 3), node(2), MetTest::where, Met.FORGOTTEN_NANOS);
    assertEquals(others, Set.copyOf(met.all()));
    met.see(view(2, 3), node(2), MetTest::where, Met.FORGOTTEN_NANOS + 1);
    assertEquals(List.of(), met.all());
  }

  @Test
  void ofManyEachRemembersSomeAndTogetherTheyRememberAll() {
    Set<PhysicalAddress> together = new HashSet<>();
    for (int self = 0; self < 500; self++) {
      Met met = new Met();
      met.see(view(0, 1000), node(self), MetTest::where, 0);
      assertEquals(Met.NEXT, met.all().size());
      assertFalse(met.all().contains(where(node(self))));
      met.see(view(0, 500), node(self), MetTest::where, 1);
      assertTrue(met.all().size() <= Met.MOST);
      together.addAll(met.all());
    }
    assertTrue(together.containsAll(where(0, 500 + Met.NEXT)));
  }

  @Test
  void thoseThatComeAndGoAreForgottenOneAfterTheOther() {
    Met met = new Met();
    for (int i = 1; i < 3000; i++) {
      met.see(List.of(node(0), node(i)), node(0), MetTest::where, i);
    }
    assertEquals(where(3000 - Met.MOST, 3000), Set.copyOf(met.all()));
  }

  @Test
  void whoseAddressIsNotKnownIsSeenWhenItIs() {
    Met met = new Met();
    Map<Address, PhysicalAddress> known = Map.of(node(1), where(node(1)));
    met.see(view(0, 3), node(0), known::get, 0);
    assertEquals(List.of(where(node(1))), new ArrayList<>(met.all()));
    met.see(view(0, 3), node(9), known::get, 1);
    assertEquals(1, met.all().size(), "a view without this node tells nothing");
  }
}
