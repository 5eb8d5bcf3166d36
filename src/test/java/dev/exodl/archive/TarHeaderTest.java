package dev.exodl.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarHeaderTest {
  @TempDir Path folder;

  @Test
  void tarAndTheReaderPassOverABlobOfManyGigabytes() throws Exception {
    long size = (9L << 30) + 5;
    BlobId blob = new BlobId.Sha256("a".repeat(64));
    RepoFile file = new RepoFile(new RepoPath("model.bin"), size, blob);
    Contents contents =
        new Contents(
            new Repo(RepoType.MODEL, "org/model"),
            Revision.MAIN,
            new Commit("c".repeat(40)),
            List.of(file),
            Set.of(file.path()));
    ByteArrayOutputStream begin = new ByteArrayOutputStream();
    new ArchiveWriter(begin).contents(contents);
    begin.writeBytes(TarHeader.file(ArchiveWriter.name(blob), size));
    Path archive = folder.resolve("large.tar");
    try (RandomAccessFile sparse = new RandomAccessFile(archive.toFile(), "rw")) {
      sparse.write(begin.toByteArray());
      sparse.setLength(begin.size() + size + TarHeader.padding(size) + 2 * TarHeader.UNIT);
    }
    try (InputStream in = Files.newInputStream(archive)) {
      ArchiveReader reader = new ArchiveReader(in, "large.tar");
      assertEquals(contents, reader.contents());
      assertEquals(Optional.of(new ArchiveReader.Blob(blob, size)), reader.next());
      assertEquals(Optional.empty(), reader.next());
    }
    Process tar =
        new ProcessBuilder("tar", "--list", "--verbose", "--file", archive.toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(tar.getInputStream().readAllBytes());
    assertEquals(0, tar.waitFor(), told);
    assertEquals(2, told.lines().count(), told);
    assertTrue(told.contains(" " + size + " 1970-01-01"), told);
  }

  @Test
  void aSizeThatTheFieldCannotTellStandsInRecords() {
    for (long size : new long[] {0, 1, 512, (1L << 33) - 1}) {
      byte[] header = TarHeader.file("blobs/x", size);
      assertEquals(TarHeader.UNIT, header.length);
      assertEquals(new TarHeader("blobs/x", size, '0'), TarHeader.decode(header));
    }
    for (long size : new long[] {1L << 33, 1L << 40, 999_999_999_999_999_999L}) {
      byte[] header = TarHeader.file("blobs/x", size);
      assertEquals(3 * TarHeader.UNIT, header.length);
      TarHeader records = TarHeader.decode(Arrays.copyOf(header, TarHeader.UNIT));
      assertEquals('x', records.kind());
      int end = TarHeader.UNIT + (int) records.size();
      assertEquals(size, TarHeader.sizeIn(Arrays.copyOfRange(header, TarHeader.UNIT, end)));
    }
  }
}
