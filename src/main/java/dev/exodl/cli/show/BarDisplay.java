package dev.exodl.cli.show;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Bars at the bottom of a terminal, messages above them. Each drawing is one write, every line of
 * it ends in "erase to the end", and nothing is erased before it is overwritten, so nothing
 * flickers.
 */
public final class BarDisplay implements Display {
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String ERASE_RIGHT = "\u001b[K";
  private static final String ERASE_BELOW = "\u001b[J";

  private final Screen screen;
  private final Verbosity verbosity;
  private final LongSupplier nanos;
  private final Rate rate = new Rate();
  private List<String> standing = List.of();
  private int standingColumns;
  private boolean closed;

  public BarDisplay(Screen screen, Verbosity verbosity, LongSupplier nanos) {
    this.screen = screen;
    this.verbosity = verbosity;
    this.nanos = nanos;
  }

  @Override
  public void on(SyncEvent event) {
    Told.line(event, verbosity, false).ifPresent(this::say);
  }

  @Override
  public synchronized void tick(ProgressBoard.View view) {
    if (closed || view.files().isEmpty()) {
      return;
    }
    rate.sample(nanos.getAsLong(), view.fetched());
    var look = new BarFrame.Look(screen.color(), screen.unicode());
    List<String> lines =
        new BarFrame(look, screen.columns(), screen.rows())
            .lines(view, rate.perSecond(), rate.left(view.bytes() - view.held()));
    screen.write(HIDE_CURSOR + home() + text(lines) + ERASE_BELOW);
    standing = lines;
    standingColumns = screen.columns();
  }

  @Override
  public Duration interval() {
    return Duration.ofMillis(100);
  }

  @Override
  public synchronized void say(String line) {
    screen.write(home() + line + ERASE_RIGHT + "\n" + text(standing) + ERASE_BELOW);
    standingColumns = screen.columns();
  }

  @Override
  public synchronized void close() {
    if (!closed && !standing.isEmpty()) {
      screen.write(home() + ERASE_BELOW + SHOW_CURSOR);
    }
    standing = List.of();
    closed = true;
  }

  private static String text(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append(ERASE_RIGHT).append('\n'));
    return text.toString();
  }

  /**
   * Goes up to the first standing line. A terminal that became narrower has wrapped the lines, so
   * they stand higher.
   */
  private String home() {
    int columns = Math.max(1, screen.columns());
    int up = 0;
    for (String line : standing) {
      int width = Columns.of(line.replaceAll("\u001b\\[[0-9;]*m", ""));
      up += columns >= standingColumns ? 1 : Math.max(1, (width + columns - 1) / columns);
    }
    return up == 0 ? "" : "\r\u001b[" + Math.min(up, Math.max(1, screen.rows() - 1)) + "A";
  }
}
