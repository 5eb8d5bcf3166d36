package dev.exodl.cli.show;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.ProgressBoard.FileView;
import dev.exodl.download.ProgressBoard.State;
import dev.exodl.download.ProgressBoard.View;
import java.util.ArrayList;
import java.util.List;

/** The figures of several syncs that run at once: a line for each of them, and the sums. */
public final class NodesView {
  private NodesView() {}

  /** One view of all boards; those without files yet are left out. */
  public static View of(List<ProgressBoard> boards) {
    List<FileView> nodes = new ArrayList<>();
    int files = 0;
    long bytes = 0;
    long held = 0;
    long fetched = 0;
    int connections = 0;
    int done = 0;
    for (int i = 0; i < boards.size(); i++) {
      View view = boards.get(i).view();
      if (!view.files().isEmpty()) {
        nodes.add(new FileView("node " + (i + 1), view.bytes(), view.held(), state(view)));
      }
      files += view.filesInAll();
      bytes += view.bytes();
      held += view.held();
      fetched += view.fetched();
      connections += view.connections();
      done += view.filesDone();
    }
    return new View(nodes, files, bytes, held, fetched, connections, done);
  }

  private static State state(View view) {
    if (view.filesDone() == view.filesInAll()) {
      return State.DONE;
    }
    return view.held() < view.bytes() ? State.FETCHING : State.VERIFYING;
  }
}
