package dev.exodl.fetch;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;

/** The fakes of this room's tests keep the contracts that the real ones do. */
class MemoryContractsTest {
  private static byte[] bytes() {
    byte[] bytes = new byte[2_500_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static final RepoFile FILE =
      new RepoFile(new RepoPath("f"), 2_500_000, new BlobId.GitSha1("0".repeat(40)));

  @Nested
  class Source extends ChunkSourceContract {
    private final byte[] content = bytes();
    private final MemorySource source = new MemorySource(Map.of(FILE, content));

    @Override
    protected ChunkSource source() {
      return source;
    }

    @Override
    protected RepoFile file() {
      return FILE;
    }

    @Override
    protected byte[] content() {
      return content;
    }

    @Override
    protected ChunkSource stalling() {
      MemorySource stalls = new MemorySource(Map.of(FILE, content));
      stalls.stalled.add(0);
      return stalls;
    }
  }

  @Nested
  class Sink extends ChunkSinkContract {
    private final byte[] content = bytes();
    private final MemoryWork work = new MemoryWork(FILE, 1 << 20);

    @Override
    protected byte[] content() {
      return content;
    }

    @Override
    protected ChunkSink sink() {
      return work;
    }

    @Override
    protected byte[] stored() {
      return work.bytes;
    }

    @Override
    protected BitSet held() {
      return work.have;
    }
  }
}
