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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTableTest {
  private static List<String> watched(int columns) {
    Flows flows = new Flows();
    flows.look(Statuses.three(0), 0);
    flows.look(Statuses.three(2_000_000_000L), 2_000_000_000L);
    return new StatusTable(Statuses.three(2_000_000_000L), flows).lines(columns);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 80, 200})
  void looksAsAgreed(int columns) throws Exception {
    Golden.check(
        "status-" + columns + ".txt",
        String.join("\n", new StatusTable(Statuses.three(0), null).lines(columns))
            + "\n\n"
            + String.join("\n", watched(columns))
            + "\n");
  }

  @Test
  void noLineIsWiderThanTheColumns() {
    for (int columns = 1; columns < 240; columns++) {
      for (String line : watched(columns)) {
        assertTrue(Columns.of(line) <= columns, columns + ": " + line);
      }
    }
  }

  @Test
  void whoIsAloneSeesNobody() {
    assertEquals(List.of("cluster lab: no node"), new StatusTable(Statuses.none(), null).lines(80));
  }

  @Test
  void aLiveTableIsDrawnOverAndLeftStanding() {
    FakeScreen screen = new FakeScreen(160, 5);
    AtomicLong nanos = new AtomicLong();
    var display =
        new StatusDisplay(
            Way.LIVE,
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            80,
            screen,
            Verbosity.NORMAL,
            nanos::get);
    display.show(Statuses.three(0));
    display.on(new SyncEvent.Warning("refused a node"));
    nanos.set(1_000_000_000);
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
