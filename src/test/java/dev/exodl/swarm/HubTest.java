package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubTest {
  private static final long NOW = 1_000_000;
  private static final Trouble BROKEN = new Trouble.Broken("connection reset");
  private static final Failure GATED = new Failure.Auth("gated", "org/model", "ask for access");

  private final Hub hub = new Hub(true, Duration.ofSeconds(60));

  private static Trouble throttled(int seconds) {
    return new Trouble.Throttled("429", Duration.ofSeconds(seconds));
  }

  /** The first moment, in whole 10 ms, at which it is open again. */
  private long openAfter() {
    long millis = 0;
    while (!hub.open(NOW + millis)) {
      millis += 10;
    }
    return millis;
  }

  @Test
  void whereItNeverGaveAByteTwoFailuresTellThatItCannotBeReached() {
    assertEquals(0, hub.failed(BROKEN, NOW));
    assertTrue(hub.reachable());
    assertEquals(0, hub.failed(BROKEN, NOW + 100));
    assertFalse(hub.reachable());
    assertTrue(hub.last().orElseThrow().what().startsWith("connection reset, 2 times"));
  }

  @Test
  void whereItWorkedItMayFailForAMinute() {
    hub.worked();
    for (int second = 0; second <= 60; second++) {
      hub.failed(BROKEN, NOW + second * 1000);
      assertTrue(hub.reachable(), "after " + second + " s");
    }
    hub.failed(BROKEN, NOW + 60_001);
    assertFalse(hub.reachable());
  }

  @Test
  void aByteBeginsTheMinuteAnew() {
    hub.worked();
    hub.failed(BROKEN, NOW);
    hub.failed(BROKEN, NOW + 59_000);
    hub.worked();
    hub.failed(BROKEN, NOW + 61_000);
    hub.failed(BROKEN, NOW + 100_000);
    assertTrue(hub.reachable());
  }

  @Test
  void whatOthersHaveTooIsWaitedForOnlyWhileItDoesNotFailAgainAndAgain() {
    hub.worked();
    assertTrue(hub.gives(NOW));
    hub.failed(BROKEN, NOW);
    assertTrue(hub.gives(NOW), "an idle connection breaks");
    hub.failed(BROKEN, NOW + 100);
    assertFalse(hub.gives(NOW + 20_000));
    hub.worked();
    assertTrue(hub.gives(NOW + 20_000));
    hub.failed(throttled(30), NOW + 20_000);
    assertFalse(hub.gives(NOW + 20_000), "it wants quiet");
    assertTrue(hub.gives(NOW + 50_000));
  }

  @Test
  void whatItSaidBeforeItWorkedAgainIsNoReasonAnyMore() {
    hub.failed(BROKEN, NOW);
    assertTrue(hub.last().isPresent());
    hub.worked();
    assertEquals(Optional.empty(), hub.last());
  }

  @Test
  void theFirstBreakClosesItForAMomentOnly() {
    hub.worked();
    hub.failed(BROKEN, NOW);
    assertEquals(50, openAfter());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8, 50})
  void moreFailuresCloseItLongerUpToEightSeconds(int failures) {
    hub.worked();
    for (int i = 0; i < failures; i++) {
      hub.failed(BROKEN, NOW);
    }
    long most = Math.min(8000, 500L << (Math.min(failures, 20) - 1));
    long after = openAfter();
    assertTrue(after >= most / 2 && after <= most + 10, after + " ms of at most " + most);
  }

  @Test
  void whoIsThrottledWaitsAsLongAsAskedAndAllOthersAreTold() {
    assertEquals(2100, hub.failed(throttled(2), NOW));
    long after = openAfter();
    assertTrue(after >= 2100 && after <= 2610, after + " ms");
  }

  @Test
  void whoIsThrottledWithoutATimeBacksOff() {
    long all = hub.failed(new Trouble.Throttled("429", null), NOW);
    assertTrue(all >= 250 && all <= 500, all + " ms");
    assertFalse(hub.open(NOW + all - 1));
  }

  @Test
  void aHubThatThrottlesIsReachable() {
    for (int i = 0; i < 10; i++) {
      hub.failed(throttled(30), NOW + i * 30_000);
    }
    assertTrue(hub.reachable());
    hub.failed(BROKEN, NOW + 300_000);
    assertTrue(hub.reachable(), "one connection that breaks is not two");
    hub.failed(BROKEN, NOW + 300_100);
    assertFalse(hub.reachable());
  }

  @Test
  void theMinuteBeginsWithABreakNotWithAThrottle() {
    hub.worked();
    hub.failed(throttled(90), NOW);
    hub.failed(BROKEN, NOW + 91_000);
    assertTrue(hub.reachable());
  }

  @Test
  void anIllHubIsThisNodesAffairAndItsWishCounts() {
    hub.worked();
    assertEquals(0, hub.failed(new Trouble.Busy("503", Duration.ofSeconds(3)), NOW));
    assertEquals(3100, openAfter());
  }

  @Test
  void whatOthersWereToldClosesItHereTooAndNeverShortensAWait() {
    hub.toldCalm(1500, NOW);
    long closed = openAfter();
    assertTrue(1500 <= closed && closed <= 1500 + Hub.MOST_JITTER_MILLIS, closed + "");
    hub.toldCalm(100, NOW);
    assertEquals(closed, openAfter());
  }

  @Test
  void notAllThatWereToldToWaitComeBackInTheSameMoment() {
    Set<Boolean> open = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      Hub told = new Hub(true, Duration.ofSeconds(60));
      told.toldCalm(1000, NOW);
      assertFalse(told.open(NOW + 999));
      open.add(told.open(NOW + 1000 + Hub.MOST_JITTER_MILLIS / 2));
    }
    assertEquals(Set.of(true, false), open);
  }

  @Test
  void othersCloseItForAMinuteAtMostAndHalfOfTheTime() {
    long closed = 0;
    for (long now = NOW; now < NOW + 1_200_000; now += 500) {
      hub.toldCalm(600_000, now);
      closed += hub.open(now) ? 0 : 500;
    }
    assertTrue(590_000 <= closed && closed <= 630_000, closed + "");
  }

  @Test
  void whatTheHubItselfSaysTooIsBelievedAgain() {
    hub.toldCalm(1000, NOW);
    hub.toldCalm(1000, NOW + 1500);
    assertTrue(hub.open(NOW + 1500), "this node's turn to find out");
    hub.failed(new Trouble.Throttled("429", Duration.ofMillis(100)), NOW + 1500);
    hub.toldCalm(30_000, NOW + 1600);
    assertFalse(hub.open(NOW + 31_599));
    assertTrue(hub.open(NOW + 31_600 + Hub.MOST_JITTER_MILLIS));
  }

  @Test
  void itIsTriedAgainAfterAQuarterOfAMinute() {
    hub.failed(BROKEN, NOW);
    hub.failed(BROKEN, NOW);
    assertFalse(hub.triedAgain(NOW + 14_999));
    assertFalse(hub.reachable());
    assertTrue(hub.triedAgain(NOW + 15_000));
    assertTrue(hub.reachable());
    assertTrue(hub.open(NOW + 15_000));
    assertFalse(hub.triedAgain(NOW + 30_000), "it is being tried");
  }

  @Test
  void whenTheTryFailsItIsLeftAtOnceForAsLong() {
    hub.failed(BROKEN, NOW);
    hub.failed(BROKEN, NOW);
    hub.triedAgain(NOW + 15_000);
    hub.failed(BROKEN, NOW + 16_000);
    assertFalse(hub.reachable());
    assertFalse(hub.triedAgain(NOW + 30_999));
    assertTrue(hub.triedAgain(NOW + 31_000));
  }

  @Test
  void othersCountOnItAgainOnlyWhenItGaveSomething() {
    assertTrue(hub.promises());
    hub.failed(BROKEN, NOW);
    hub.failed(BROKEN, NOW);
    assertFalse(hub.promises());
    assertTrue(hub.triedAgain(NOW + 15_000));
    assertFalse(hub.promises(), "or all were told twice at each try");
    assertTrue(hub.worked(), "that is told");
    assertTrue(hub.promises());
    assertFalse(hub.worked(), "once");
  }

  @Test
  void whoIsRefusedDoesNotTryAgain() {
    hub.worked();
    assertEquals(0, hub.failed(new Trouble.Refused(GATED), NOW));
    assertFalse(hub.reachable());
    assertEquals(Optional.of(GATED), hub.last());
    assertFalse(hub.triedAgain(NOW + 1_000_000));
  }

  @Test
  void whoMayNotAskItNeverTries() {
    Hub none = new Hub(false, Duration.ofSeconds(60));
    assertFalse(none.open(NOW));
    assertFalse(none.triedAgain(NOW + 1_000_000));
    assertEquals(Optional.empty(), none.last());
  }
}
