package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.blob;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.SwarmId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HoldingsTest {
  private static final SwarmId ONE = swarm('1');
  private static final SwarmId OTHER = swarm('2');
  private static final Optional<Path> PART = Optional.of(Path.of("part"));

  private static SwarmId swarm(char commit) {
    Repo repo = new Repo(RepoType.MODEL, "org/model");
    return new SwarmId(repo, new Commit(String.valueOf(commit).repeat(40)));
  }

  private final List<BlobId> lost = new ArrayList<>();
  private final Holdings shelf = new Holdings(lost::add);

  private Optional<Path> find(long offset, long end) {
    return shelf.find(blob(1), new ByteRange(offset, end));
  }

  @Test
  void whatIsNotHereIsNotFound() {
    assertEquals(Optional.empty(), find(0, 1));
  }

  @Test
  void aWholeBlobIsItsFile() {
    shelf.whole(blob(1), Path.of("blob"), ONE);
    assertEquals(Optional.of(Path.of("blob")), find(0, 5 * MIB));
    assertEquals(Optional.empty(), shelf.find(blob(2), new ByteRange(0, 1)));
  }

  @Test
  void aPartGivesTheChunksThatAreWhole() {
    shelf.part(blob(1), new Ids.Part(4 * MIB + 7, MIB, 1, 2, 4), ONE);
    assertEquals(PART, find(MIB, 3 * MIB));
    assertEquals(PART, find(MIB + 5, MIB + 6));
    assertEquals(PART, find(4 * MIB, 4 * MIB + 7));
  }

  @Test
  void aRangeOverAHoleIsNotFound() {
    shelf.part(blob(1), new Ids.Part(4 * MIB + 7, MIB, 1, 2, 4), ONE);
    assertEquals(Optional.empty(), find(0, MIB));
    assertEquals(Optional.empty(), find(MIB - 1, MIB + 1));
    assertEquals(Optional.empty(), find(MIB, 3 * MIB + 1));
    assertEquals(Optional.empty(), find(2 * MIB, 4 * MIB + 7));
  }

  @Test
  void aRangeThatEndsBehindThePartIsNotFound() {
    shelf.part(blob(1), new Ids.Part(4 * MIB + 7, MIB, 4), ONE);
    assertEquals(Optional.empty(), find(4 * MIB, 4 * MIB + 8));
    assertEquals(Optional.empty(), find(9 * MIB, 10 * MIB));
  }

  @Test
  void chunksThatComeAreFoundAndThoseThatAreLostAreNot() {
    Ids.Part part = new Ids.Part(4 * MIB, MIB);
    shelf.part(blob(1), part, ONE);
    assertEquals(Optional.empty(), find(0, MIB));
    part.held().set(0);
    assertEquals(PART, find(0, MIB));
    part.held().clear(0);
    assertEquals(Optional.empty(), find(0, MIB));
  }

  @Test
  void aWholeBlobWhoseFileIsGoneIsNotFoundAndToldOnce() {
    shelf.whole(blob(1), Path.of("blob"), ONE);
    shelf.gone(blob(1), Path.of("blob"));
    shelf.gone(blob(1), Path.of("blob"));
    assertEquals(Optional.empty(), find(0, MIB));
    assertEquals(List.of(blob(1)), lost);
  }

  @Test
  void whatIsFoundElsewhereByNowIsNotLost() {
    shelf.part(blob(1), new Ids.Part(4 * MIB, MIB, 0), ONE);
    shelf.gone(blob(1), Path.of("part"));
    assertEquals(PART, find(0, MIB));
    shelf.whole(blob(1), Path.of("blob"), ONE);
    shelf.gone(blob(1), Path.of("part"));
    assertEquals(Optional.of(Path.of("blob")), find(0, MIB));
    assertEquals(List.of(), lost);
  }

  @Test
  void thePartThatBecameWholeIsTheFileFromThenOn() {
    shelf.part(blob(1), new Ids.Part(4 * MIB, MIB, 0), ONE);
    shelf.whole(blob(1), Path.of("blob"), ONE);
    assertEquals(Optional.of(Path.of("blob")), find(0, 4 * MIB));
    shelf.ended(ONE);
    assertEquals(Optional.empty(), find(0, MIB));
  }

  @Test
  void whatAnotherSwarmSharesTooGoesOnBeingShared() {
    shelf.whole(blob(1), Path.of("blob"), ONE);
    shelf.whole(blob(1), Path.of("blob"), OTHER);
    shelf.whole(blob(2), Path.of("old"), ONE);
    shelf.part(blob(3), new Ids.Part(4 * MIB, MIB, 0), ONE);
    shelf.part(blob(3), new Ids.Part(4 * MIB, MIB, 0), OTHER);
    shelf.ended(ONE);
    assertEquals(Optional.of(Path.of("blob")), find(0, MIB));
    assertEquals(Optional.empty(), shelf.find(blob(2), new ByteRange(0, 1)));
    assertEquals(PART, shelf.find(blob(3), new ByteRange(0, MIB)));
    shelf.ended(OTHER);
    assertEquals(Optional.empty(), find(0, MIB));
    assertEquals(Optional.empty(), shelf.find(blob(3), new ByteRange(0, MIB)));
    assertEquals(List.of(), lost);
  }
}
