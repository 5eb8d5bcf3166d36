package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.file;
import static dev.exodl.swarm.Ids.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage.HeldChunks;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnChunksTest {
  /** Blobs of ten chunks, the last one short, and of three. */
  private static final SwarmBlobs SMALL =
      new SwarmBlobs(List.of(file(0, 9 * MIB + 5), file(1, 3 * MIB)));

  private final OwnChunks own = new OwnChunks(SMALL);

  @Test
  void aWholeBlobIsAllItsChunksWithoutChecksums() {
    own.whole(1);
    assertEquals(List.of(new HeldChunks(1, range(0, 3), List.of())), own.all());
    assertEquals(3, own.news.count());
  }

  @Test
  void aChunkOfTheSwarmsOwnGridIsToldWithItsChecksum() {
    own.part(0, PartChunks.of(new Ids.Part(9 * MIB + 5, MIB, 2, 9), bits(2, 9)));
    assertEquals(List.of(new HeldChunks(0, bits(2, 9), List.of(102, 109))), own.all());
  }

  @Test
  void onlyThoseOfTheNamedChunksCountThatThePartHolds() {
    own.part(0, PartChunks.of(new Ids.Part(9 * MIB + 5, MIB, 2, 3, 4), bits(3, 7)));
    assertEquals(List.of(new HeldChunks(0, bits(3), List.of(103))), own.all());
  }

  @Test
  void aChunkOfACoarserPartIsSeveralOfTheSwarm() {
    own.part(0, PartChunks.of(new Ids.Part(9 * MIB + 5, 4 * MIB, 0, 2), bits(0, 2)));
    assertEquals(List.of(new HeldChunks(0, bits(0, 1, 2, 3, 8, 9), List.of())), own.all());
  }

  @Test
  void chunksOfAFinerPartCountWhenAllOfTheSwarmsChunkIsThere() {
    long size = 5L << 30;
    OwnChunks large = new OwnChunks(new SwarmBlobs(List.of(file(0, size))));
    Ids.Part part = new Ids.Part(size, MIB, 0, 1, 2, 5);
    large.part(0, PartChunks.of(part, bits(1)));
    assertEquals(List.of(new HeldChunks(0, bits(0), List.of())), large.all());
    large.part(0, PartChunks.of(part, bits(2, 5)));
    assertEquals(1, large.news.count(), "of chunk 1 and of chunk 2 a half is missing");
    part.held().set(3);
    large.part(0, PartChunks.of(part, bits(3)));
    assertEquals(List.of(new HeldChunks(0, bits(0, 1), List.of())), large.all());
  }

  @Test
  void newsIsToldOnceAndAllOfItAgainAndAgain() {
    own.chunk(0, 4, 77);
    assertEquals(List.of(new HeldChunks(0, bits(4), List.of(77))), own.news.take());
    assertEquals(0, own.news.count());
    assertEquals(List.of(), own.news.take());
    own.chunk(0, 5, 78);
    assertEquals(List.of(new HeldChunks(0, bits(5), List.of(78))), own.news.take());
    assertEquals(List.of(new HeldChunks(0, bits(4, 5), List.of(77, 78))), own.all());
  }

  @Test
  void whatTheOthersWereToldIsStillNewsToTheCoordinator() {
    own.chunk(0, 4, 77);
    own.news.take();
    own.chunk(0, 5, 78);
    assertEquals(
        List.of(new HeldChunks(0, bits(4, 5), List.of(77, 78))), own.coordinatorNews.take());
    assertEquals(0, own.coordinatorNews.count());
    assertEquals(1, own.news.count());
  }

  @Test
  void whenABlobBecomesWholeOnlyWhatWasNotHeldIsNews() {
    own.chunk(1, 1, 11);
    own.news.take();
    own.whole(1);
    assertEquals(List.of(new HeldChunks(1, bits(0, 2), List.of())), own.news.take());
    // Those with a checksum and those without are two messages.
    assertEquals(
        List.of(new HeldChunks(1, bits(1), List.of(11)), new HeldChunks(1, bits(0, 2), List.of())),
        own.all());
  }

  @Test
  void chunksFarApartAreToldOneByOne() {
    OwnChunks large = new OwnChunks(new SwarmBlobs(List.of(file(0, 2000 * MIB))));
    for (int chunk : new int[] {3, 5, 130, 1000}) {
      large.chunk(0, chunk, 100 + chunk);
    }
    assertEquals(
        List.of(
            new HeldChunks(0, bits(3, 5, 130), List.of(103, 105, 230)),
            new HeldChunks(0, bits(1000), List.of(1100))),
        large.all());
  }

  @Test
  void theSameChunkTwiceIsOneNews() {
    own.chunk(0, 4, 77);
    own.chunk(0, 4, 77);
    assertEquals(1, own.news.count());
  }

  @Test
  void whatIsForgottenIsNeitherHeldNorNews() {
    own.chunk(0, 4, 77);
    own.chunk(1, 0, 78);
    own.forget(0);
    assertFalse(own.holds(0, 4));
    assertTrue(own.holds(1, 0));
    assertEquals(1, own.news.count());
    assertEquals(List.of(new HeldChunks(1, bits(0), List.of(78))), own.all());
    own.chunk(0, 4, 79);
    assertEquals(
        List.of(new HeldChunks(0, bits(4), List.of(79)), new HeldChunks(1, bits(0), List.of(78))),
        own.news.take());
  }

  @Test
  void whatIsHeldOfManySmallBlobsIsFoundWithoutALookAtEach() {
    int files = 300_000;
    OwnChunks many =
        new OwnChunks(
            new SwarmBlobs(IntStream.range(0, files).mapToObj(i -> file(i, 10)).toList()));
    assertTrue(many.isEmpty());
    // Were each blob looked at each time, it would be 60,000,000,000.
    for (int i = 0; i < 200_000; i++) {
      many.chunk(i, 0, i);
      assertFalse(many.isEmpty());
      assertEquals(1, many.news.take().size());
    }
    assertEquals(100_000, many.missing(range(0, files)));
    assertEquals(100_000, many.missing(range(100_000, files)));
  }

  @Test
  void whatIsMissingIsCountedInTheWantedBlobsOnly() {
    own.chunk(0, 4, 77);
    own.whole(1);
    assertEquals(9, own.missing(bits(0)));
    assertEquals(0, own.missing(bits(1)));
    assertEquals(9, own.missing(bits(0, 1)));
    assertEquals(0, own.missing(bits()));
  }
}
