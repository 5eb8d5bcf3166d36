package dev.exodl.plan.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class HubSharesTest implements WithQuickTheories {
  private static NodeId node(int number) {
    return new NodeId(String.format("%032x", number));
  }

  @Test
  void whoIsAloneHasAll() {
    HubShares shares = new HubShares(1000);
    assertEquals(1000, shares.asked(node(1), 0));
    assertEquals(500, shares.asked(node(2), 10));
    assertEquals(500, shares.asked(node(1), 20));
    assertEquals(1000, shares.asked(node(2), 20 + HubShares.ACTIVE_MILLIS + 1));
  }

  @Test
  void withoutACapNobodyHasOne() {
    assertEquals(0, new HubShares(0).asked(node(1), 0));
  }

  @Test
  void aNewCoordinatorCountsThoseThatWereActive() {
    HubShares shares = new HubShares(900);
    shares.expect(List.of(node(1), node(2), node(3)), 0);
    assertEquals(300, shares.asked(node(1), 100));
    shares.idle(node(3));
    assertEquals(450, shares.asked(node(2), 200));
    shares.retain(List.of(node(2)));
    assertEquals(900, shares.asked(node(2), 300));
  }

  @Test
  void whoHasNoShareIsToldWhatItMayTakeShouldItHaveTo() {
    HubShares shares = new HubShares(1200);
    assertEquals(300, shares.without(4));
    assertEquals(1200, shares.asked(node(1), 0), "it was only told");
    shares.asked(node(2), 0);
    assertEquals(400, shares.without(2));
    assertEquals(0, new HubShares(0).without(4));
    assertEquals(1, new HubShares(3).without(9), "nothing would be no cap");
  }

  @Test
  void theSumIsOverTheCapForNoLongerThanARenewal() {
    qt().withExamples(200)
        .forAll(integers().between(1, 50), longs().all())
        .checkAssert(
            (nodes, seed) -> {
              Random random = new Random(seed);
              HubShares shares = new HubShares(1_000_000);
              Map<Integer, Long> told = new HashMap<>();
              Map<Integer, Long> at = new HashMap<>();
              long came = 0;
              for (long now = 0; now < 60_000; now += 100) {
                for (int i = 0; i < nodes; i++) {
                  // Some come, all ask from time to time, some stop.
                  boolean asks =
                      at.containsKey(i)
                          ? now - at.get(i) >= HubShares.RENEW_MILLIS
                          : random.nextInt(100) == 0;
                  if (asks && random.nextInt(10) == 0 && at.containsKey(i)) {
                    told.remove(i);
                    at.remove(i);
                    shares.idle(node(i));
                  } else if (asks) {
                    came = at.containsKey(i) ? came : now;
                    at.put(i, now);
                    told.put(i, shares.asked(node(i), now));
                  }
                }
                long sum = told.values().stream().mapToLong(Long::longValue).sum();
                if (now - came > HubShares.RENEW_MILLIS) {
                  assertTrue(sum <= 1_000_000, sum + " at " + now);
                }
              }
            });
  }
}
