package dev.exodl.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.Golden;
import dev.exodl.download.ProgressBoard.FileView;
import dev.exodl.download.ProgressBoard.State;
import dev.exodl.download.ProgressBoard.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarFrameTest {
  private static final View VIEW =
      new View(
          List.of(
              new FileView("config.json", 1_200, 1_200, State.DONE),
              new FileView(
                  "model-00001-of-00003.safetensors",
                  4_976_698_672L,
                  2_100_000_000L,
                  State.FETCHING),
              new FileView(
                  "model-00002-of-00003.safetensors",
                  4_999_802_720L,
                  4_999_802_720L,
                  State.VERIFYING),
              new FileView(
                  "figures/\u6a21\u578b\u7684\u56fe\u7247.png", 300_000, 0, State.FETCHING),
              new FileView("model-00003-of-00003.safetensors", 1_168_138_808L, 0, State.WAITING)),
          11_144_941_400L,
          7_099_803_920L,
          7_099_803_920L,
          12,
          1);

  private static List<String> lines(
      View view, int columns, int rows, boolean color, boolean unicode) {
    return new BarFrame(new BarFrame.Look(color, unicode), columns, rows)
        .lines(view, 512_300_000, Optional.of(Duration.ofSeconds(8)));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 80, 200})
  void looksAsAgreed(int columns) throws Exception {
    Golden.check(
        "bars-" + columns + ".txt",
        String.join("\n", lines(VIEW, columns, 24, false, true)) + "\n");
  }

  @Test
  void asciiAndColourLookAsAgreed() throws Exception {
    Golden.check("bars-ascii.txt", String.join("\n", lines(VIEW, 80, 24, false, false)) + "\n");
    Golden.check(
        "bars-colour.txt",
        String.join("\n", lines(VIEW, 80, 24, true, true)).replace("\u001b", "ESC") + "\n");
  }

  @Test
  void noLineIsAsWideAsTheTerminal() {
    for (int columns = 1; columns <= 220; columns++) {
      for (String line : lines(VIEW, columns, 24, false, true)) {
        assertTrue(Columns.of(line) < Math.max(2, columns), columns + ": " + line);
      }
    }
  }

  @Test
  void filesThatDoNotFitTheHeightAreCounted() {
    List<FileView> files = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      files.add(new FileView("f" + i, 100, 50, State.FETCHING));
    }
    View view = new View(files, 3000, 1500, 1500, 16, 0);
    List<String> lines = lines(view, 80, 8, false, true);
    assertEquals(6, lines.size());
    assertEquals("and 26 more in work", lines.get(4));
    for (int rows = 1; rows < 40; rows++) {
      assertTrue(lines(view, 80, rows, false, true).size() <= Math.max(1, rows - 1));
    }
  }

  @Test
  void aHostileNameDoesNotReachTheTerminal() {
    View view =
        new View(
            List.of(new FileView("a\u001b[2Jb\u202ec", 10, 5, State.FETCHING)), 10, 5, 5, 1, 0);
    String line = lines(view, 80, 24, false, true).getFirst();
    assertTrue(line.startsWith("a\\u001b[2Jb\\u202ec"), line);
  }

  @Test
  void hundredPercentIsSaidOfTheWholeOnly() {
    assertEquals(99, Amounts.percent(999_999_999, 1_000_000_000));
    assertEquals(100, Amounts.percent(10, 10));
    assertEquals(100, Amounts.percent(0, 0));
  }
}
