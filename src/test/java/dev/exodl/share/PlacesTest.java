package dev.exodl.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three places, two for one address. */
class PlacesTest {
  private final Places places = new Places(3, 2);
  private final List<Guest> dropped = new ArrayList<>();

  private final class Guest implements Places.Guest {
    private final InetAddress peer;
    private boolean belongs;

    Guest(int peer) {
      this.peer = InetAddress.ofLiteral("10.0.0." + peer);
    }

    @Override
    public InetAddress peer() {
      return peer;
    }

    @Override
    public boolean belongs() {
      return belongs;
    }

    @Override
    public void drop() {
      dropped.add(this);
    }
  }

  private Guest in(int peer) {
    Guest guest = new Guest(peer);
    assertTrue(places.take(guest));
    return guest;
  }

  private Guest node(int peer) {
    Guest guest = in(peer);
    guest.belongs = true;
    return guest;
  }

  @Test
  void theOldestWhoShowedNothingGivesWay() {
    node(1);
    Guest silent = in(2);
    in(3);
    node(4);
    assertEquals(List.of(silent), dropped);
  }

  @Test
  void whoBelongsHereIsNotDropped() {
    node(1);
    node(2);
    node(3);
    assertFalse(places.take(new Guest(4)));
    assertEquals(List.of(), dropped);
  }

  @Test
  void anAddressWithoutPlacesGivesUpOneOfItsOwn() {
    Guest other = in(1);
    Guest first = in(2);
    in(2);
    in(2);
    assertEquals(List.of(first), dropped);
    places.giveBack(other);
    Guest node = node(1);
    places.giveBack(node);
    in(3);
    assertEquals(List.of(first), dropped, "a place that was given back is free");
  }

  @Test
  void manyWhoSayNothingKeepNoNodeOut() {
    for (int i = 0; i < 600; i++) {
      in(1 + i % 3);
    }
    node(7);
    node(8);
    node(8);
    assertFalse(places.take(new Guest(8)));
  }
}
