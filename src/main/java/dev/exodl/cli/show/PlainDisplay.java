package dev.exodl.cli.show;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncEvent;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Lines without control characters: one for each milestone and one every few seconds. */
public final class PlainDisplay implements Display {
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** In a repo of thousands of files, a line each would bury the rest. */
  private static final int FILE_LINES = 200;

  private final Screen screen;
  private final Verbosity verbosity;
  private final LongSupplier nanos;
  private final Rate rate = new Rate();
  private int filesTold;
  private String last = "";

  public PlainDisplay(Screen screen, Verbosity verbosity, LongSupplier nanos) {
    this.screen = screen;
    this.verbosity = verbosity;
    this.nanos = nanos;
    rate.sample(nanos.getAsLong(), 0);
  }

  @Override
  public synchronized void on(SyncEvent event) {
    if (event instanceof SyncEvent.FilePlaced
        && ++filesTold > FILE_LINES
        && !verbosity.atLeast(Verbosity.VERBOSE)) {
      return;
    }
    Told.line(event, verbosity, true).ifPresent(this::say);
  }

  @Override
  public synchronized void tick(ProgressBoard.View view) {
    rate.sample(nanos.getAsLong(), view.fetched());
    if (verbosity != Verbosity.QUIET && view.reading().isPresent()) {
      once(Told.reading(view.reading().get()));
      return;
    }
    if (verbosity == Verbosity.QUIET || view.files().isEmpty() || view.held() >= view.bytes()) {
      return;
    }
    StringBuilder line = new StringBuilder();
    line.append(Amounts.percent(view.held(), view.bytes())).append("%, ");
    line.append(Amounts.bytes(view.held())).append(" of ").append(Amounts.bytes(view.bytes()));
    line.append(", ").append(view.filesDone()).append(" of ");
    line.append(Amounts.files(view.filesInAll()));
    line.append(", ").append(Amounts.rate(rate.perSecond()));
    rate.left(view.bytes() - view.held())
        .ifPresent(left -> line.append(", ").append(Amounts.time(left)).append(" left"));
    once(line.toString());
  }

  private void once(String line) {
    if (!line.equals(last)) {
      last = line;
      say(line);
    }
  }

  @Override
  public Duration interval() {
    return EVERY;
  }

  @Override
  public synchronized void say(String line) {
    screen.write(line + "\n");
  }

  @Override
  public void close() {}
}
