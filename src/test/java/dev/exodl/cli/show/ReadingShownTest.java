package dev.exodl.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ProgressBoard.FileView;
import dev.exodl.download.ProgressBoard.Reading;
import dev.exodl.download.ProgressBoard.State;
import dev.exodl.download.ProgressBoard.View;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is read of this machine's own files is shown, in each way of showing. */
class ReadingShownTest {
  private final FakeScreen screen = new FakeScreen(80, 10);

  private static View reading(long bytes) {
    return new View(List.of(), 0, 0, 0, 0, 0, 0, Optional.of(new Reading(bytes, 100_000_000_000L)));
  }

  private static View fetching() {
    return new View(List.of(new FileView("one", 100, 50, State.FETCHING)), 100, 50, 50, 1, 0);
  }

  @Test
  void asABarThatGoesAfterwards() {
    BarDisplay display = new BarDisplay(screen, Verbosity.NORMAL, () -> 0);
    display.tick(reading(12_300_000_000L));
    assertEquals(2, screen.seen().size());
    String line = screen.seen().getFirst();
    assertTrue(line.endsWith("  reading 12.3 GB of 100 GB of what is on this machine"), line);
    assertTrue(line.length() < 80 && line.length() > 60, line);
    display.tick(new View(List.of(), 0, 0, 0, 0, 0));
    assertEquals(List.of(""), screen.seen());
    display.tick(fetching());
    assertTrue(screen.seen().getFirst().startsWith("one"), screen.seen().toString());
  }

  @Test
  void onANarrowTerminalAsFarAsThereIsRoom() {
    FakeScreen narrow = new FakeScreen(30, 10);
    new BarDisplay(narrow, Verbosity.NORMAL, () -> 0).tick(reading(12_300_000_000L));
    assertEquals(List.of("reading 12.3 GB of 100 GB of ", ""), narrow.seen());
  }

  @Test
  void asLinesEachOfThemOnce() {
    PlainDisplay display = new PlainDisplay(screen, Verbosity.NORMAL, () -> 0);
    display.tick(reading(0));
    display.tick(reading(0));
    display.tick(reading(50_000_000_000L));
    assertEquals(
        """
        reading 0 B of 100 GB of what is on this machine
        reading 50.0 GB of 100 GB of what is on this machine
        """,
        screen.written());
    FakeScreen quiet = new FakeScreen(80, 10);
    new PlainDisplay(quiet, Verbosity.QUIET, () -> 0).tick(reading(0));
    assertEquals("", quiet.written());
  }

  @Test
  void asJsonWithoutFiguresOfFilesThatAreNotFetchedYet() {
    JsonDisplay display = new JsonDisplay(screen, () -> 0);
    display.tick(reading(7));
    assertEquals(
        "{\"v\":1,\"event\":\"reading\",\"bytes\":7,\"of\":100000000000}\n", screen.written());
  }
}
