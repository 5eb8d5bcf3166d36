package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldFailureTest {
  @Test
  void whatTheHubSaidToAnotherNodeIsToldAsThatNodesWord() {
    assertEquals(
        new Failure.NotFound("no such repo", "the hub, as ada (10.0.0.1) says", "look"),
        ToldFailure.of(new Failure.NotFound("no such repo", "the hub", "look"), "ada (10.0.0.1)"));
  }

  @Test
  void itsWordsCannotControlATerminalNorFillIt() {
    String evil = "\u001b]0;owned\u0007" + "x".repeat(16_000);
    Failure failure = ToldFailure.of(new Failure.Auth(evil, evil, evil), evil);
    String line = failure.line();
    assertTrue(line.chars().noneMatch(Character::isISOControl), line);
    assertTrue(line.length() < 1500, "characters: " + line.length());
  }

  @Test
  void whatIsWrongWithAnotherMachineIsNoFailureOfThisOne() {
    for (Failure told :
        List.of(
            new Failure.Storage("the disk is full", "/home/ada", "free space"),
            new Failure.Usage("bad value", "--bind", "give another one"),
            new Failure.Internal("a bug", "X.java", "report it"),
            new Failure.Partial("some are not here", "/home/ada", "run it again"))) {
      assertEquals(
          new Failure.Cluster(
              told.what(),
              told.where() + ", as ada says",
              "look at that node, and run the same command again"),
          ToldFailure.of(told, "ada"));
    }
  }
}
