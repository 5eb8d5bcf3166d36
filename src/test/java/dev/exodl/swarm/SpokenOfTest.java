package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class SpokenOfTest {
  private static final long LARGEST = SpokenOf.CHUNKS_OF_ONE * (64L << 20);
  private static final int MANY = (int) SpokenOf.FILES_OF_ONE;

  private final SpokenOf spokenOf = new SpokenOf();

  private static SwarmId id(int number) {
    return new SwarmId(Ids.SWARM.repo(), new Commit("%040x".formatted(number)));
  }

  private boolean fits(int number, NodeId by, long bytes) {
    return spokenOf.fits(id(number), by, OneNode.listed(file(0, bytes)));
  }

  private boolean fitsMany(int number, NodeId by, int files) {
    Entry[] entries = Collections.nCopies(files, file(0, 10)).toArray(Entry[]::new);
    return spokenOf.fits(id(number), by, OneNode.listed(entries));
  }

  @Test
  void aSnapshotMayHave64TebibytesAndNoMore() {
    assertTrue(fits(1, A, LARGEST));
    assertFalse(fits(2, B, LARGEST + 1));
  }

  @Test
  void allSnapshotsOfOneNodeTogetherMayHaveNoMoreEither() {
    assertTrue(fits(1, A, LARGEST / 2));
    assertTrue(fits(2, A, LARGEST / 2));
    assertFalse(fits(3, A, 1));
    assertTrue(fits(3, B, 1));
  }

  @Test
  void allNodesTogetherHaveALimitToo() {
    for (int i = 1; i <= 4; i++) {
      assertTrue(fits(i, Ids.node(Character.forDigit(i, 16)), LARGEST));
    }
    assertFalse(fits(5, A, 1));
  }

  @Test
  void filesAreLimitedAsChunksAre() {
    assertFalse(fitsMany(1, A, MANY + 1));
    assertTrue(fitsMany(1, A, MANY));
    assertFalse(fitsMany(2, A, 1));
    assertTrue(fitsMany(2, B, MANY));
    assertFalse(fitsMany(3, C, 1));
  }

  @Test
  void whatIsToldAgainCountsOnceAndWhatIsGoneNotAtAll() {
    assertTrue(fits(1, A, LARGEST));
    assertTrue(fits(1, A, LARGEST));
    assertTrue(fits(1, B, LARGEST));
    assertTrue(fits(2, A, LARGEST));
    spokenOf.retain(id -> id.equals(id(1)));
    assertTrue(fits(3, A, LARGEST));
    assertFalse(fits(4, B, LARGEST));
  }

  @Test
  void oneNodeMakesItLookAtSomeOnly() {
    for (int i = 0; i < SpokenOf.OF_ONE_MOST; i++) {
      assertFalse(spokenOf.hasAllOf(A));
      assertTrue(spokenOf.begins(id(i), A));
    }
    assertTrue(spokenOf.hasAllOf(A));
    assertFalse(spokenOf.begins(id(1000), A));
    assertTrue(spokenOf.begins(id(1000), D));
    spokenOf.retain(id -> !id.equals(id(0)));
    assertTrue(spokenOf.begins(id(1001), A));
  }
}
