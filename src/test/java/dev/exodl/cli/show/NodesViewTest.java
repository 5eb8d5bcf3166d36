package dev.exodl.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.cli.Golden;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.ProgressBoard.State;
import dev.exodl.download.ProgressBoard.View;
import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodesViewTest {
  private static final RepoFile WEIGHTS = file("model.safetensors", 60_000_000);
  private static final RepoFile CONFIG = file("config.json", 1_000_000);

  private static RepoFile file(String path, long size) {
    return new RepoFile(new RepoPath(path), size, new BlobId.GitSha1("a".repeat(40)));
  }

  /** A node that wants both files and has so much of the large one. */
  private static ProgressBoard node(long held) {
    ProgressBoard board = new ProgressBoard();
    board.files(List.of(WEIGHTS, CONFIG));
    board.held(CONFIG, CONFIG.size());
    board.state(CONFIG, State.DONE);
    board.held(WEIGHTS, held);
    board.state(WEIGHTS, held < WEIGHTS.size() ? State.FETCHING : State.VERIFYING);
    board.fetched(CONFIG.size() + held);
    board.connections(2);
    return board;
  }

  @Test
  void aNodeIsABarAndTheTotalCountsTheFilesOfAll() throws Exception {
    View view =
        NodesView.of(
            List.of(node(20_000_000), node(60_000_000), new ProgressBoard(), node(5_000_000)));
    assertEquals(183_000_000, view.bytes());
    assertEquals(88_000_000, view.held());
    assertEquals(88_000_000, view.fetched());
    assertEquals(6, view.connections());
    List<String> lines =
        new BarFrame(new BarFrame.Look(false, true), 80, 24)
            .lines(view, 99_000_000, Optional.of(Duration.ofSeconds(1)));
    Golden.check("bars-nodes.txt", String.join("\n", lines) + "\n");
  }

  @Test
  void aNodeIsDoneWithItsLastFile() {
    ProgressBoard done = node(60_000_000);
    assertEquals(State.VERIFYING, NodesView.of(List.of(done)).files().getFirst().state());
    done.state(WEIGHTS, State.DONE);
    assertEquals(State.DONE, NodesView.of(List.of(done)).files().getFirst().state());
  }

  @Test
  void nothingIsDrawnBeforeANodeKnowsItsFiles() {
    assertEquals(
        List.of(), NodesView.of(List.of(new ProgressBoard(), new ProgressBoard())).files());
  }
}
