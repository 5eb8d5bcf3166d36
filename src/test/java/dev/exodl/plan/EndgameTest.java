package dev.exodl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndgameTest {
  private static final int MIB = 1 << 20;

  private static Endgame.Pace pace(long id, int end, int next, double rate) {
    return new Endgame.Pace(new Run(id, 0, 0, end), next, MIB, rate);
  }

  @Test
  void takesHalfOfWhatTheSlowestHasLeft() {
    List<Endgame.Pace> paces = List.of(pace(1, 20, 4, MIB), pace(2, 40, 38, 0.1 * MIB));
    assertEquals(Optional.of(new Endgame.Cut(2, 39)), Endgame.cut(paces));
  }

  @Test
  void leavesAloneWhatIsSoonDone() {
    assertEquals(Optional.empty(), Endgame.cut(List.of(pace(1, 20, 4, 100.0 * MIB))));
  }

  @Test
  void takesTheOneChunkThatAStalledRunHasNotBegun() {
    assertEquals(Optional.of(new Endgame.Cut(1, 4)), Endgame.cut(List.of(pace(1, 5, 4, 0))));
  }

  @Test
  void cannotCutARunInItsLastChunk() {
    assertEquals(Optional.empty(), Endgame.cut(List.of(pace(1, 5, 5, 0))));
  }
}
