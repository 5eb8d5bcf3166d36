package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.LayeredModel;
import dev.exodl.emulator.RepoContent;
import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadWeightsTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "exo/layers");
  private static final RepoContent CONTENT =
      LayeredModel.file(new LayeredModel(400, 8).tensors(), 3);
  private static final ListedFile FILE =
      new ListedFile("model.safetensors", CONTENT.size(), BlobId.of("a".repeat(64)));

  private long read;

  private ReadWeights reading(long mostBeyondFirst) {
    return new ReadWeights(
        REPO,
        (file, from, length) -> {
          byte[] bytes = new byte[length];
          read += length;
          try {
            CONTENT.read(from, bytes, 0, length);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return bytes;
        },
        mostBeyondFirst);
  }

  @Test
  void headersThatWouldFillTheMemoryAreRefusedBeforeTheyAreThere() throws Exception {
    long header =
        reading(Long.MAX_VALUE)
            .all(List.of(FILE), List.of(FILE.checked()))
            .files()
            .getFirst()
            .header()
            .dataStart();
    long beyond = header - ReadWeights.FIRST_BYTES;
    assertTrue(beyond > 0);
    assertEquals(header, read);
    reading(beyond).all(List.of(FILE), List.of(FILE.checked()));
    read = 0;
    FailureException e =
        assertThrows(
            FailureException.class,
            () -> reading(beyond - 1).all(List.of(FILE), List.of(FILE.checked())));
    assertInstanceOf(Failure.Integrity.class, e.failure());
    assertEquals(ReadWeights.FIRST_BYTES, read);
  }

  @Test
  void aConfigThatIsNotWhatTheHubListsIsNotBelieved() {
    ListedFile config = new ListedFile("config.json", 20, BlobId.of("b".repeat(40)));
    FailureException e =
        assertThrows(
            FailureException.class,
            () -> reading(0).all(List.of(FILE, config), List.of(FILE.checked())));
    assertInstanceOf(Failure.Integrity.class, e.failure());
    assertEquals("config.json", e.failure().where());
  }

  @Test
  void anIndexOfGigabytesIsNotRead() {
    ListedFile index =
        new ListedFile("model.safetensors.index.json", 1L << 32, BlobId.of("b".repeat(64)));
    FailureException e =
        assertThrows(
            FailureException.class,
            () -> reading(0).all(List.of(FILE, index), List.of(FILE.checked())));
    assertInstanceOf(Failure.Integrity.class, e.failure());
    assertEquals(0, read);
  }
}
