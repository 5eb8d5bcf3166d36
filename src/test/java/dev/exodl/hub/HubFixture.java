package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.function.Executable;

/** A client of an emulated hub, and short ways to ask it. */
final class HubFixture {
  static final Repo REPO = new Repo(RepoType.MODEL, "org/tiny");
  static final Duration SHORT = Duration.ofMillis(500);

  final HubEmulator emulator;
  final HubClient client;
  final List<RequestTrace> traces = new CopyOnWriteArrayList<>();
  final List<String> warnings = new CopyOnWriteArrayList<>();

  HubFixture(HubEmulator emulator) {
    this(emulator, UnaryOperator.identity());
  }

  HubFixture(HubEmulator emulator, UnaryOperator<HubSettings> change) {
    this.emulator = emulator;
    HubSettings settings = HubSettings.of(HubSettings.endpoint(emulator.url()));
    this.client =
        new HubClient(
            change.apply(settings),
            new HubListener() {
              @Override
              public void exchanged(RequestTrace trace) {
                traces.add(trace);
              }

              @Override
              public void warned(String text) {
                warnings.add(text);
              }
            });
  }

  static HubRepo repo(HubEmulator emulator) {
    return emulator.model(REPO.id());
  }

  Commit main() throws SourceException {
    return client.resolve(REPO, Revision.MAIN);
  }

  RepoFile file(String path) throws SourceException {
    return client.list(REPO, main()).stream()
        .filter(f -> f.path().equals(path))
        .findFirst()
        .orElseThrow()
        .checked();
  }

  ChunkStream open(RepoFile file, long from, long to) throws SourceException {
    return client.source(REPO, main()).open(file, new ByteRange(from, to));
  }

  /** Reads a stream to its end. */
  static byte[] read(ChunkStream stream) throws SourceException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    try (stream) {
      for (int n = stream.read(buffer, 0, buffer.length);
          n >= 0;
          n = stream.read(buffer, 0, buffer.length)) {
        out.write(buffer, 0, n);
      }
    }
    return out.toByteArray();
  }

  static <T extends Trouble> T trouble(Class<T> kind, Executable action) {
    Trouble trouble = assertThrows(SourceException.class, action).trouble();
    return assertInstanceOf(kind, trouble);
  }

  static <T extends Failure> T failure(Class<T> kind, Executable action) {
    return assertInstanceOf(kind, trouble(Trouble.Refused.class, action).failure());
  }
}
