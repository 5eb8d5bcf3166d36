package dev.exodl.cli.show;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncEvent;
import java.time.Duration;

/** No progress: only what the user should know. */
public final class NoDisplay implements Display {
  private final Screen screen;
  private final Verbosity verbosity;

  public NoDisplay(Screen screen, Verbosity verbosity) {
    this.screen = screen;
    this.verbosity = verbosity;
  }

  @Override
  public void on(SyncEvent event) {
    Told.line(event, verbosity, false).ifPresent(this::say);
  }

  @Override
  public void tick(ProgressBoard.View view) {}

  @Override
  public Duration interval() {
    return Duration.ofSeconds(60);
  }

  @Override
  public void say(String line) {
    screen.write(line + "\n");
  }

  @Override
  public void close() {}
}
