package dev.exodl.cli.show;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Bars at the bottom of a terminal, messages above them. */
public final class BarDisplay implements Display {
  private final Screen screen;
  private final Verbosity verbosity;
  private final LongSupplier nanos;
  private final StandingLines standing;
  private final Rate rate = new Rate();
  private boolean closed;

  public BarDisplay(Screen screen, Verbosity verbosity, LongSupplier nanos) {
    this.screen = screen;
    this.verbosity = verbosity;
    this.nanos = nanos;
    this.standing = new StandingLines(screen);
  }

  @Override
  public void on(SyncEvent event) {
    Told.line(event, verbosity, false).ifPresent(this::say);
  }

  @Override
  public synchronized void tick(ProgressBoard.View view) {
    if (closed) {
      return;
    }
    var look = new BarFrame.Look(screen.color(), screen.unicode());
    BarFrame frame = new BarFrame(look, screen.columns(), screen.rows());
    if (view.reading().isPresent()) {
      standing.draw(List.of(frame.reading(view.reading().get())));
      return;
    }
    if (view.files().isEmpty()) {
      standing.clear();
      return;
    }
    rate.sample(nanos.getAsLong(), view.fetched());
    standing.draw(frame.lines(view, rate.perSecond(), rate.left(view.bytes() - view.held())));
  }

  @Override
  public Duration interval() {
    return Duration.ofMillis(100);
  }

  @Override
  public synchronized void say(String line) {
    standing.say(line);
  }

  @Override
  public synchronized void close() {
    standing.clear();
    closed = true;
  }
}
