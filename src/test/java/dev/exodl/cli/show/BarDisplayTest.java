package dev.exodl.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ProgressBoard.FileView;
import dev.exodl.download.ProgressBoard.State;
import dev.exodl.download.ProgressBoard.View;
import dev.exodl.download.SyncEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BarDisplayTest {
  private final FakeScreen screen = new FakeScreen(60, 10);
  private final AtomicLong nanos = new AtomicLong();
  private final BarDisplay display = new BarDisplay(screen, Verbosity.NORMAL, nanos::get);

  private static View view(long held, String... active) {
    List<FileView> files =
        java.util.Arrays.stream(active)
            .map(n -> new FileView(n, 1_000_000, held, State.FETCHING))
            .toList();
    long bytes = 1_000_000L * files.size();
    return new View(files, bytes, held * files.size(), held * files.size(), 4, 0);
  }

  @Test
  void messagesStandAboveTheBars() {
    display.tick(view(100_000, "one", "two"));
    display.on(new SyncEvent.Warning("look here"));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    display.tick(view(500_000, "one", "two"));
    List<String> seen = screen.seen();
    assertEquals("warning: look here", seen.get(0));
    assertTrue(seen.get(1).startsWith("one  "), seen.toString());
    assertTrue(seen.get(2).startsWith("two  "), seen.toString());
    assertTrue(seen.get(3).contains("50%"), seen.toString());
    assertTrue(seen.get(3).contains("800 kB/s"), seen.toString());
    assertTrue(seen.get(3).contains("0:02 left"), seen.toString());
  }

  @Test
  void barsOfFilesThatAreDoneGo() {
    display.tick(view(100_000, "one", "two", "three"));
    display.tick(view(100_000, "three"));
    assertEquals(3, screen.seen().size());
    assertTrue(screen.seen().getFirst().startsWith("three"));
  }

  @Test
  void afterCloseTheScreenIsAsBeforeAndTheCursorIsBack() {
    display.tick(view(100_000, "one"));
    display.close();
    display.close();
    assertEquals(List.of(""), screen.seen());
    assertTrue(screen.written().endsWith("\u001b[?25h"));
    display.tick(view(200_000, "one"));
    assertEquals(List.of(""), screen.seen());
  }

  @Test
  void withoutFilesNothingIsDrawn() {
    display.tick(new View(List.of(), 0, 0, 0, 0, 0));
    display.close();
    assertEquals("", screen.written());
  }

  @Test
  void aNarrowerWindowMovesFurtherUpSinceItWrappedTheLines() {
    display.tick(view(100_000, "one"));
    screen.resize(30);
    display.tick(view(200_000, "one"));
    assertTrue(screen.written().contains("\u001b[4A"), screen.written().replace("\u001b", "ESC"));
  }

  @Test
  void plainLinesHaveNoControlCharacters() {
    PlainDisplay plain = new PlainDisplay(screen, Verbosity.NORMAL, nanos::get);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    plain.tick(view(100_000, "one"));
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    plain.tick(view(600_000, "one"));
    plain.on(new SyncEvent.Throttled("429 for resolvers", Duration.ofSeconds(12)));
    plain.on(new SyncEvent.Detail("hidden"));
    assertEquals(
        """
        10%, 100 kB of 1.0 MB, 0 of 1 file, 20.0 kB/s, 0:45 left
        60%, 600 kB of 1.0 MB, 0 of 1 file, 100 kB/s, 0:04 left
        the hub asks to slow down: waiting 12 s (429 for resolvers)
        """,
        screen.written());
    assertFalse(screen.written().contains("\u001b"));
  }
}
