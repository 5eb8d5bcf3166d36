package dev.exodl.share;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A folder with one file to serve, and settings to serve it with. */
final class Shelves {
  static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes();
  static final BlobId BLOB = BlobId.of("ab".repeat(32));

  private Shelves() {}

  static byte[] content(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  static RepoFile file(long size) {
    return new RepoFile(new RepoPath("model.safetensors"), size, BLOB);
  }

  /** Holds all of the blob in this file, as long as it is there. */
  static Shelf of(Path file) {
    return (blob, range) ->
        blob.equals(BLOB) && Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** Holds it in the first file as long as that is there, and then in the other one. */
  static Shelf moved(Path first, Path then) {
    return (blob, range) -> Optional.of(Files.exists(first) ? first : then);
  }

  static Path write(Path folder, byte[] content) {
    try {
      return Files.write(folder.resolve("blob"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ServeSettings settings() {
    return settings(0, 100, 100, null);
  }

  static ServeSettings settings(long rate, int most, int mostEach, byte @Nullable [] secret) {
    return new ServeSettings(
        InetAddress.getLoopbackAddress(), 0, rate, most, mostEach, secret, null);
  }

  /** Remembers what it is told. */
  static final class Told implements ServeListener {
    final List<String> refused = Collections.synchronizedList(new ArrayList<>());
    final List<String> details = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void refused(InetAddress peer, String why) {
      refused.add(why);
    }

    @Override
    public void detail(String text) {
      details.add(text);
    }
  }

  static ChunkServer serve(ServeSettings settings, Shelf shelf) {
    return ChunkServer.start(settings, shelf, new Told());
  }

  /** The last bytes are counted a moment after a reader has them. */
  static void awaitServed(ChunkServer server, long bytes) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (server.served() < bytes && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(bytes, server.served());
  }

  static PeerSource source(ChunkServer server, byte @Nullable [] secret) {
    return new PeerSource("127.0.0.1", server.port(), secret, null);
  }

  /** All bytes of the range. */
  static byte[] read(PeerSource source, RepoFile file, ByteRange range) throws SourceException {
    byte[] into = new byte[(int) range.length()];
    try (ChunkStream stream = source.open(file, range)) {
      int got = 0;
      int count;
      while ((count = stream.read(into, got, into.length - got)) > 0) {
        got += count;
      }
      return Arrays.copyOf(into, got);
    }
  }
}
