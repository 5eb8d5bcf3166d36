package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.model.ChunkGrid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Files beyond what 32 bits and the hub's own client can count; sparse, so that they cost no room.
 */
class HugeFileTest {
  private static final long OVER_4_GIB = (4L << 30) + (3L << 20) + 5;

  /** {@code head -c 4298113029 /dev/zero | sha256sum} */
  private static final String ZEROS_SHA256 =
      "38ebe8a5ef00e8ac7bbd0814d9934790d0130bd0430710d9ff64fa47312845a3";

  private static final long GB_60 = 60_000_000_000L;

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo zeros(long size, String sha256) {
    HubRepo repo = stage.hub().model("org/huge");
    repo.lfs("huge.bin", RepoContent.zeros(size), sha256).commit("zeros");
    return repo;
  }

  private List<String> ranges() {
    return stage.hub().log().requests(Where.CDN).stream()
        .map(LoggedRequest::range)
        .map(Objects::requireNonNull)
        .sorted()
        .toList();
  }

  @Test
  void resumesAndVerifiesAFileOfMoreThanFourGiB() throws IOException {
    HubRepo repo = zeros(OVER_4_GIB, ZEROS_SHA256);
    int size = ChunkGrid.chunkSizeFor(OVER_4_GIB);
    int count = new ChunkGrid(OVER_4_GIB, size).count();
    stage.plantZeros(repo, "huge.bin", size, IntStream.range(0, count - 2));
    SyncResult result = stage.sync(repo);
    Path file = result.path().resolve("huge.bin");
    assertEquals(OVER_4_GIB, Files.size(file));
    long held = (count - 2L) * size;
    assertEquals(OVER_4_GIB - held, result.bytesFetched());
    assertTrue(ranges().getFirst().startsWith("bytes=" + held + "-"), ranges()::toString);
    // The invariants' check would read it all once more.
    stage.forgetCache();
  }

  @Test
  void asksForTheRightBytesOfAFileOf60GB() throws Exception {
    HubRepo repo = zeros(GB_60, "ab".repeat(32));
    int size = ChunkGrid.chunkSizeFor(GB_60);
    assertEquals(16 << 20, size);
    int count = new ChunkGrid(GB_60, size).count();
    IntStream held =
        IntStream.range(0, count).filter(i -> i != 300 && i != count / 2 && i != count - 1);
    stage.plantZeros(repo, "huge.bin", size, held);
    ProgressBoard board = new ProgressBoard();
    Sync sync = stage.prepare(board);
    CompletableFuture<SyncResult> running =
        CompletableFuture.supplyAsync(() -> sync.run(stage.asking(repo).request()));
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (board.view().held() < GB_60 && !running.isDone() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    sync.stop();
    assertThrows(Exception.class, running::join);
    assertEquals(
        Stream.of(300L, count / 2L, count - 1L)
            .map(i -> "bytes=" + i * size + "-" + (Math.min((i + 1) * size, GB_60) - 1))
            .sorted()
            .toList(),
        ranges());
    // All of it is held now: nothing is left to fetch.
    SyncResult plan = stage.sync(stage.asking(repo).dryRun().request());
    assertEquals(GB_60, plan.bytesReused());
    stage.forgetCache();
  }
}
