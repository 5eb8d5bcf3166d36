package dev.exodl.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final BlobId BLOB = BlobId.of("ab".repeat(32));
  private static final ChunkGrid GRID = new ChunkGrid(40L << 20, 1 << 20);

  @TempDir Path temp;
  private final List<Journal.Entry> written = new ArrayList<>();
  private byte[] bytes = new byte[0];

  @BeforeEach
  void write() throws IOException {
    Path file = temp.resolve("journal");
    try (Journal journal = new Journal(file, 5, BLOB, GRID, DiskSteps.NONE)) {
      for (int i = 0; i < 10; i++) {
        journal.append(i * 3, i * 1234567);
        written.add(new Journal.Entry(i * 3, i * 1234567));
      }
    }
    bytes = Files.readAllBytes(file);
  }

  private static List<Journal.Entry> entries(byte[] bytes) {
    return Journal.parse(bytes).map(Journal.Content::entries).orElse(List.of());
  }

  @Test
  void whatIsAppendedIsRead() {
    assertEquals(Optional.of(new Journal.Content(5, BLOB, GRID, written)), Journal.parse(bytes));
    assertEquals(Journal.HEAD + 10 * Journal.RECORD, bytes.length);
  }

  @Test
  void tornAnywhereItGivesWhatCameBefore() {
    for (int length = 0; length < bytes.length; length++) {
      int whole = Math.max(0, (length - Journal.HEAD) / Journal.RECORD);
      assertEquals(written.subList(0, whole), entries(Arrays.copyOf(bytes, length)));
    }
  }

  @Test
  void aChangedByteEndsIt() {
    for (int i = 0; i < bytes.length; i++) {
      byte[] bad = bytes.clone();
      bad[i] ^= 0x40;
      int whole = i < Journal.HEAD ? 0 : (i - Journal.HEAD) / Journal.RECORD;
      assertEquals(written.subList(0, whole), entries(bad), "byte " + i);
    }
  }

  @Test
  void garbageAtTheEndIsIgnored() {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 100);
    assertEquals(written, entries(longer));
    assertTrue(entries(new byte[200]).isEmpty());
  }
}
