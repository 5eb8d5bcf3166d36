package dev.exodl.cli.show;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncEvent;
import dev.exodl.model.Printable;
import dev.exodl.store.Link;
import java.util.Optional;

/** An event as a line for people. */
final class Told {
  /** Bytes whose digest takes so long that people want to know what goes on. */
  private static final long LONG = 1_000_000_000;

  private Told() {}

  /**
   * The line; empty when it is not worth one at this verbosity.
   *
   * @param plain whether there are no bars, so that lines are all there is
   */
  static Optional<String> line(SyncEvent event, Verbosity verbosity, boolean plain) {
    boolean details = verbosity.atLeast(Verbosity.VERBOSE);
    if (verbosity == Verbosity.QUIET) {
      return Optional.empty();
    }
    return switch (event) {
      case SyncEvent.Resolved e ->
          Optional.of(
                  e.repo()
                      + " at "
                      + Printable.of(e.revision().name())
                      + " is "
                      + e.commit().brief())
              .filter(l -> plain || details);
      // That nothing is missing is said at the end.
      case SyncEvent.Planned e ->
          Optional.of(planned(e)).filter(l -> (plain && e.missing() > 0) || details);
      case SyncEvent.Sharded e -> Optional.of(ShardLine.of(e.choice()));
      case SyncEvent.Dealt e -> Optional.of(ShardLine.dealt(e.share()));
      case SyncEvent.ShardReady e -> Optional.of(ShardLine.ready(e.choice()));
      case SyncEvent.Checking e ->
          Optional.of(
                  "checking "
                      + Amounts.files(e.files())
                      + " ("
                      + Amounts.bytes(e.bytes())
                      + ") of this machine that may be what is wanted")
              .filter(l -> plain || details || e.bytes() >= LONG);
      case SyncEvent.Reused e ->
          Optional.of(
                  "have "
                      + Printable.of(e.file().path().value())
                      + " ("
                      + Amounts.bytes(e.file().size())
                      + ") from "
                      + Printable.of(e.from().toString())
                      + how(e.how()))
              .filter(l -> plain || details);
      case SyncEvent.FilePlaced e ->
          Optional.of(
                  "done "
                      + Printable.of(e.file().path().value())
                      + " ("
                      + Amounts.bytes(e.file().size())
                      + ")")
              .filter(l -> plain || details);
      case SyncEvent.Retrying e ->
          Optional.of(
              "retry "
                  + e.attempt()
                  + " in "
                  + Amounts.brief(e.delay())
                  + ": "
                  + Printable.of(e.what())
                  + " ("
                  + Printable.of(e.where())
                  + ")");
      case SyncEvent.Throttled e ->
          Optional.of(
              "the hub asks to slow down: waiting "
                  + Amounts.brief(e.delay())
                  + " ("
                  + Printable.of(e.what())
                  + ")");
      case SyncEvent.WaitingForLock e ->
          Optional.of(
              "waiting for another process ("
                  + Printable.of(e.owner())
                  + ") that has "
                  + Printable.of(e.file().path().value())
                  + ", since "
                  + Amounts.brief(e.since()));
      case SyncEvent.Repairing e ->
          Optional.of(
              "repairing " + Printable.of(e.file().path().value()) + ": " + Printable.of(e.what()));
      case SyncEvent.Warning e -> Optional.of("warning: " + Printable.of(e.text()));
      case SyncEvent.Detail e -> Optional.of(Printable.of(e.text())).filter(l -> details);
    };
  }

  /** How far the look at this machine's own files is. */
  static String reading(ProgressBoard.Reading reading) {
    return "reading "
        + Amounts.bytes(reading.bytes())
        + " of "
        + Amounts.bytes(reading.of())
        + " of what is on this machine";
  }

  private static String how(Link link) {
    return switch (link) {
      case REFLINK -> ", by reflink";
      case HARD -> ", by hard link";
      case AUTO, COPY -> ", copied";
    };
  }

  private static String planned(SyncEvent.Planned e) {
    if (e.missing() == 0) {
      return "all "
          + Amounts.files(e.chosen())
          + " ("
          + Amounts.bytes(e.bytes())
          + ") are here already";
    }
    return Amounts.files(e.missing())
        + " ("
        + Amounts.bytes(e.bytesMissing())
        + ") to fetch, of "
        + e.chosen()
        + " ("
        + Amounts.bytes(e.bytes())
        + ")";
  }
}
