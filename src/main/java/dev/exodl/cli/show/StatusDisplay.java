package dev.exodl.cli.show;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.SyncEvent;
import dev.exodl.download.SyncListener;
import dev.exodl.swarm.ClusterStatus;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Shows a cluster's status: once, line after line, or drawn over in place on a terminal. */
public final class StatusDisplay implements SyncListener, AutoCloseable {
  /** How it is shown. */
  public enum Way {
    ONCE,
    /** One table after the other. */
    REPEATED,
    /** In place, on the screen that messages go to. */
    LIVE
  }

  private final Way way;
  private final PrintStream out;
  private final Screen screen;
  private final int columns;
  private final Verbosity verbosity;
  private final StandingLines standing;

  /**
   * Nothing is shown yet.
   *
   * @param out where tables go that are not drawn over
   * @param columns how wide those may be
   */
  public StatusDisplay(Way way, PrintStream out, int columns, Screen screen, Verbosity verbosity) {
    this.way = way;
    this.out = out;
    this.columns = columns;
    this.screen = screen;
    this.verbosity = verbosity;
    this.standing = new StandingLines(screen);
  }

  public synchronized void show(ClusterStatus status) {
    switch (way) {
      case ONCE, REPEATED -> print(status);
      case LIVE ->
          standing.draw(
              cut(
                  new StatusTable(status).lines(Math.max(1, screen.columns() - 1)),
                  Math.max(1, screen.rows() - 1)));
    }
  }

  private void print(ClusterStatus status) {
    out.print(String.join("\n", new StatusTable(status).lines(columns)) + "\n");
  }

  /** What has scrolled off the screen cannot be drawn over. */
  private static List<String> cut(List<String> lines, int rows) {
    if (lines.size() <= rows) {
      return lines;
    }
    List<String> cut = new ArrayList<>(lines.subList(0, rows - 1));
    cut.add("and " + (lines.size() - rows + 1) + " more");
    return cut;
  }

  @Override
  public synchronized void on(SyncEvent event) {
    Told.line(event, verbosity, false).ifPresent(this::say);
  }

  private void say(String line) {
    if (way == Way.LIVE) {
      standing.say(line);
    } else {
      screen.write(line + "\n");
    }
  }

  /** Lets what was drawn last stand. May be called twice. */
  @Override
  public synchronized void close() {
    standing.leave();
  }
}
