package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.RetryPolicy.Verdict;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private final RetryPolicy policy = new RetryPolicy(Duration.ofSeconds(60), new Random(1));

  private Verdict verdict(Trouble trouble, int attempt, int seconds) {
    return policy.verdict(trouble, "f", attempt, Duration.ofSeconds(seconds));
  }

  private Duration delay(Trouble trouble, int attempt) {
    return assertInstanceOf(Verdict.Again.class, verdict(trouble, attempt, 0)).delay();
  }

  @Test
  void theFirstBreakIsTriedAgainAlmostAtOnceAndLaterOnesAfterMore() {
    Trouble broken = new Trouble.Broken("reset");
    assertTrue(delay(broken, 1).toMillis() <= 100);
    for (int attempt = 2; attempt < 12; attempt++) {
      long most = Math.min(8000, 1000L << (attempt - 2));
      long millis = delay(broken, attempt).toMillis();
      assertTrue(millis >= most / 2 && millis <= most, attempt + ": " + millis);
    }
  }

  @Test
  void neverComesBackBeforeTheAskedTime() {
    for (int attempt = 1; attempt < 20; attempt++) {
      Duration asked = Duration.ofSeconds(30);
      assertTrue(delay(new Trouble.Busy("503", asked), attempt).compareTo(asked) >= 0);
      assertTrue(delay(new Trouble.Throttled("429", asked), attempt).compareTo(asked) >= 0);
    }
  }

  @Test
  void throttlingConcernsAllRequestsAndIsBorneLong() {
    Verdict verdict = verdict(new Trouble.Throttled("429", null), 30, 900);
    assertTrue(assertInstanceOf(Verdict.Again.class, verdict).all());
  }

  @Test
  void givesUpAfterTheTimeButNotBeforeFiveAttempts() {
    Trouble broken = new Trouble.Broken("refused");
    assertInstanceOf(Verdict.Again.class, verdict(broken, 4, 61));
    Verdict last = verdict(broken, 5, 61);
    Failure failure = assertInstanceOf(Verdict.GiveUp.class, last).failure();
    assertEquals(ExitCode.NETWORK, failure.exitCode());
  }

  @Test
  void aRefusalIsFinal() {
    Failure no = new Failure.Auth("no", "there", "log in");
    assertEquals(new Verdict.GiveUp(no), verdict(new Trouble.Refused(no), 1, 0));
  }
}
