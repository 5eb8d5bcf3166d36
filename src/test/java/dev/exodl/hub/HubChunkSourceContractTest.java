package dev.exodl.hub;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkSourceContract;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

class HubChunkSourceContractTest {
  private abstract static class Contract extends ChunkSourceContract {
    private final HubEmulator hub = HubEmulator.start();
    private final byte[] content = new byte[300_000];
    private final RepoFile file;
    private final ChunkSource source;

    Contract(boolean lfs) {
      new Random(5).nextBytes(content);
      var repo = hub.model("org/name");
      RepoContent bytes = RepoContent.of(content);
      String commit = (lfs ? repo.lfs("f", bytes) : repo.git("f", bytes)).commit("first");
      file = new RepoFile(new RepoPath("f"), content.length, BlobId.of(repo.blob("f").etag()));
      source =
          new HubClient(HubSettings.of(URI.create(hub.url())), HubListener.NONE)
              .source(new Repo(RepoType.MODEL, "org/name"), new Commit(commit));
    }

    @AfterEach
    void close() {
      hub.close();
    }

    @Override
    protected ChunkSource source() {
      return source;
    }

    @Override
    protected RepoFile file() {
      return file;
    }

    @Override
    protected byte[] content() {
      return content;
    }

    @Override
    protected ChunkSource stalling() {
      hub.faults()
          .on(Where.CDN, Where.RESOLVE, Where.RESOLVE_CACHE)
          .then(new Fault.StallAfter(1000, Duration.ofSeconds(20)));
      return source;
    }
  }

  @Nested
  class OfALargeFile extends Contract {
    OfALargeFile() {
      super(true);
    }
  }

  @Nested
  class OfASmallFile extends Contract {
    OfASmallFile() {
      super(false);
    }
  }
}
