package dev.exodl.plan.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NearnessTest {
  private static Nearness between(Place one, Place other) {
    Nearness nearness = Nearness.between(one, other);
    assertEquals(nearness, Nearness.between(other, one), "as far there as back");
    return nearness;
  }

  private static Place at(String address) {
    return new Place("", "", address);
  }

  @Test
  void whatTheUserSaysGoesBeforeWhatTheHostSays() {
    assertEquals(
        Nearness.FAR,
        between(new Place("b", "east", "10.0.0.1"), new Place("b", "west", "10.9.0.1")));
    assertEquals(
        Nearness.HOST,
        between(new Place("b", "east", "10.0.0.1"), new Place("b", "east", "10.9.0.1")));
  }

  @Test
  void anUnknownHostIsNotTheSameAsAnother() {
    assertEquals(Nearness.SUBNET, between(at("10.0.0.1"), at("10.0.0.1")));
  }

  @Test
  void anotherZoneIsFarEvenInOneSubnet() {
    assertEquals(
        Nearness.FAR,
        between(new Place("a", "east", "10.0.0.1"), new Place("b", "west", "10.0.0.2")));
    assertEquals(
        Nearness.FAR, between(new Place("a", "east", "10.0.0.1"), new Place("b", "", "10.0.0.2")));
  }

  @Test
  void aSubnetIsA24OfIpv4OrA64OfIpv6() {
    assertEquals(Nearness.SUBNET, between(at("192.168.7.1"), at("192.168.7.254")));
    assertEquals(Nearness.ZONE, between(at("192.168.7.1"), at("192.168.8.1")));
    assertEquals(Nearness.SUBNET, between(at("fd00:1:2:3::1"), at("[fd00:1:2:3:ffff::9%eth0]")));
    assertEquals(Nearness.ZONE, between(at("fd00:1:2:3::1"), at("fd00:1:2:4::1")));
    assertEquals(Nearness.SUBNET, between(at("::ffff:10.1.2.3"), at("10.1.2.4")));
    assertEquals(Nearness.SUBNET, between(at("fe80::1"), at("fe80:0:0:0:1:2:3:4")));
  }

  @Test
  void whatIsNoAddressIsInNoSubnet() {
    for (String text : new String[] {"", "node-7", "1.2.3", "1.2.3.256", "1:2", ":::", "1::2::3"}) {
      assertEquals(Nearness.ZONE, between(at(text), at(text)), text);
      assertEquals(Nearness.ZONE, between(at(text), at("10.0.0.1")), text);
    }
  }
}
