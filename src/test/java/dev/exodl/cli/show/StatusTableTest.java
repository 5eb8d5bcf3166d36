package dev.exodl.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.Golden;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.StatusDisplay.Way;
import dev.exodl.download.SyncEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTableTest {
  private static List<String> table(int columns) {
    return new StatusTable(Statuses.three(2_000_000_000L)).lines(columns);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 80, 200})
  void looksAsAgreed(int columns) throws Exception {
    Golden.check("status-" + columns + ".txt", String.join("\n", table(columns)) + "\n");
  }

  @Test
  void noLineIsWiderThanTheColumns() {
    for (int columns = 1; columns < 240; columns++) {
      for (String line : table(columns)) {
        assertTrue(Columns.of(line) <= columns, columns + ": " + line);
      }
    }
  }

  @Test
  void whoIsAloneSeesNobody() {
    assertEquals(List.of("cluster lab: no node"), new StatusTable(Statuses.none()).lines(80));
  }

  @Test
  void aLiveTableIsDrawnOverAndLeftStanding() {
    FakeScreen screen = new FakeScreen(160, 5);
    var display =
        new StatusDisplay(
            Way.LIVE,
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            80,
            screen,
            Verbosity.NORMAL);
    display.show(Statuses.three(0));
    display.on(new SyncEvent.Warning("refused a node"));
    display.show(Statuses.three(500_000_000));
    List<String> seen = screen.seen();
    assertEquals("warning: refused a node", seen.getFirst());
    assertEquals("cluster lab: 3 nodes", seen.get(1));
    assertTrue(seen.get(3).contains("500 MB/s"), seen.get(3));
    assertEquals("and 3 more", seen.get(4));
    display.close();
    display.close();
    assertEquals(seen, screen.seen());
    assertTrue(screen.written().endsWith("\u001b[?25h"), "the cursor is back");
  }
}
