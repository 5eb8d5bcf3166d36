package dev.exodl.store;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.exodl.fetch.ChunkSink;
import dev.exodl.fetch.ChunkSinkContract;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class PartFileContractTest {
  private abstract static class Contract extends ChunkSinkContract {
    @TempDir Path cache;
    private final byte[] content;
    private PartFile part;

    Contract(int size) {
      content = new byte[size];
      new Random(size).nextBytes(content);
    }

    @BeforeEach
    void open() {
      Target target =
          new CacheTarget(
              cache, new Repo(RepoType.MODEL, "org/name"), new Commit("a".repeat(40)), false);
      RepoFile file =
          new RepoFile(new RepoPath("f"), content.length, new BlobId.Sha256("b".repeat(64)));
      part =
          assertInstanceOf(Opened.Part.class, target.openPart(file, 1 << 20, LockWaiter.PATIENT))
              .part();
    }

    @AfterEach
    void close() {
      part.close();
    }

    @Override
    protected byte[] content() {
      return content;
    }

    @Override
    protected ChunkSink sink() {
      return part;
    }

    @Override
    protected byte[] stored() {
      byte[] stored = new byte[content.length];
      part.read(0, stored, 0, stored.length);
      return stored;
    }

    @Override
    protected BitSet held() {
      return part.have();
    }
  }

  @Nested
  class OfManyChunks extends Contract {
    OfManyChunks() {
      super(5_300_000);
    }
  }

  @Nested
  class OfOneChunk extends Contract {
    OfOneChunk() {
      super(70_000);
    }
  }
}
