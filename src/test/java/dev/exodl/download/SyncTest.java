package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncTest {
  private static final Repo TINY = new Repo(RepoType.MODEL, "org/tiny");

  @TempDir Path cache;
  private final HubEmulator hub = HubEmulator.start();
  private final List<SyncEvent> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    hub.close();
  }

  private SyncRequest request() {
    return new SyncRequest(
        TINY,
        Revision.MAIN,
        SyncRequest.Selection.ALL,
        new SyncRequest.Place.Cache(cache),
        false,
        false,
        false,
        0);
  }

  private SyncResult sync(SyncRequest request) {
    SyncSettings settings =
        new SyncSettings(HubSettings.of(URI.create(hub.url())), FetchLimits.DEFAULT, false);
    return new Sync(settings, events::add, new ProgressBoard()).run(request);
  }

  @Test
  void aModelComesWholeAndTheHubServesEachByteOnce() throws Exception {
    Fixtures.safetensorsModel(hub.model("org/tiny"), 40 << 20, 3);
    SyncResult result = sync(request());
    assertTrue(Files.isRegularFile(result.path().resolve("config.json")));
    long bytes = result.files().stream().mapToLong(f -> f.size()).sum();
    assertEquals(bytes, result.bytesFetched());
    int before = result.requests();
    assertTrue(before < 40, "requests: " + before);

    SyncResult again = sync(request());
    assertEquals(0, again.bytesFetched());
    assertEquals(1, again.requests());
    assertEquals(result.path(), again.path());
  }
}
