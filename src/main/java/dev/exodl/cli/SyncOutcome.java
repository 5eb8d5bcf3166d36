package dev.exodl.cli;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncResult;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Printable;
import dev.exodl.model.RepoFile;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;

/** Tells how a sync ended. */
record SyncOutcome(Console console, boolean json, Verbosity verbosity) {

  /** The path on stdout; or what would be fetched; or the same as JSON. */
  void done(SyncResult result) {
    if (json) {
      JsonOutput.print(console.out(), JsonOutput.sync(result));
      return;
    }
    if (result.dryRun()) {
      table(result);
      return;
    }
    if (verbosity != Verbosity.QUIET) {
      console.tell(summary(result));
    }
    console.out().println(result.path());
  }

  static String summary(SyncResult result) {
    int chosen = result.files().size();
    if (result.missing().isEmpty()) {
      return "all "
          + Amounts.files(chosen)
          + " ("
          + Amounts.bytes(bytes(result.files()))
          + ") were here";
    }
    StringBuilder line = new StringBuilder("got ");
    line.append(Amounts.files(result.missing().size()));
    line.append(" (").append(Amounts.bytes(bytes(result.missing()))).append(")");
    line.append(" in ").append(Amounts.brief(result.took()));
    double seconds = result.took().toMillis() / 1000.0;
    if (seconds > 0) {
      line.append(", ").append(Amounts.rate(result.bytesFetched() / seconds));
    }
    if (result.bytesFromPeers() > 0) {
      line.append(", ").append(Amounts.bytes(result.bytesFromPeers())).append(" from other nodes");
    }
    int here = chosen - result.missing().size();
    if (here > 0) {
      line.append("; ").append(here).append(here == 1 ? " was here" : " were here");
    }
    return line.toString();
  }

  private void table(SyncResult result) {
    PrintStream out = console.out();
    out.println(
        "Would download "
            + Amounts.files(result.missing().size())
            + " ("
            + (result.files().size() - result.missing().size())
            + " of "
            + result.files().size()
            + " already here), total "
            + Amounts.bytes(bytes(result.missing()))
            + (result.bytesFromPeers() > 0
                ? ", " + Amounts.bytes(result.bytesFromPeers()) + " of it from other nodes"
                : ""));
    for (RepoFile file : result.missing()) {
      out.printf("%9s  %s%n", Amounts.bytes(file.size()), Printable.of(file.path().value()));
    }
  }

  /** Bytes to fetch: a blob that stands at two paths counts once. */
  private static long bytes(Iterable<RepoFile> files) {
    Set<Object> seen = new HashSet<>();
    long sum = 0;
    for (RepoFile file : files) {
      if (seen.add(file.blob())) {
        sum += file.size();
      }
    }
    return sum;
  }

  /** Called on the signal's thread. */
  void stopped(ProgressBoard board, ExitCode code) {
    ProgressBoard.View view = board.view();
    String kept =
        view.files().isEmpty()
            ? "nothing was fetched yet"
            : Amounts.bytes(view.held()) + " of " + Amounts.bytes(view.bytes()) + " are kept";
    String word = code == ExitCode.TERMINATED ? "terminated" : "interrupted";
    console.tell("exo-dl: " + word + "; " + kept + ": run the same command again to go on");
    if (json) {
      JsonOutput.print(
          console.out(),
          JsonOutput.failure(
              code, word, word + "; " + kept, "sync", "run the same command again to go on"));
    }
  }
}
