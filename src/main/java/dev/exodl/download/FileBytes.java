package dev.exodl.download;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.store.Presence;
import dev.exodl.store.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Bytes of a snapshot's files before they are synced: a few, to see what is in them. */
@FunctionalInterface
interface FileBytes {
  /**
   * Exactly these bytes; safe for use by many threads.
   *
   * @throws FailureException what the user can be told
   */
  byte[] read(RepoFile file, long from, int length);

  /** From the files that are here whole, else from the source. */
  static FileBytes of(Target target, ChunkSource source, HubQuestions questions) {
    FileBytes asked = of(source, questions);
    return (file, from, length) -> {
      Optional<Path> here = here(target, file);
      return here.isPresent() ? fromDisk(here.get(), from, length) : asked.read(file, from, length);
    };
  }

  /** From the source, whatever is here. */
  static FileBytes of(ChunkSource source, HubQuestions questions) {
    return (file, from, length) ->
        questions.ask(file.path().value(), () -> fromSource(source, file, from, length));
  }

  /** From the files that are here whole only, in the target or in a cache that is only read. */
  static FileBytes here(Target target, Tiers tiers, Commit commit) {
    return (file, from, length) ->
        fromDisk(
            here(target, file)
                .or(() -> tiers.content(commit, file))
                .orElseThrow(() -> notHere(target, file)),
            from,
            length);
  }

  private static Optional<Path> here(Target target, RepoFile file) {
    return switch (target.presence(file)) {
      case Presence.Visible visible -> Optional.of(visible.path());
      case Presence.BlobHere blob -> Optional.of(blob.source());
      case Presence.Check check -> Optional.empty();
      case Presence.Missing missing -> Optional.empty();
    };
  }

  private static FailureException notHere(Target target, RepoFile file) {
    return new FailureException(
        new Failure.Partial(
            file.path() + " is not here, so it cannot be told which layers are where",
            target.root().toString(),
            "run without --offline (or HF_HUB_OFFLINE)"));
  }

  private static byte[] fromDisk(Path path, long from, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (FileChannel file = FileChannel.open(path)) {
      while (bytes.hasRemaining()) {
        if (file.read(bytes, from + bytes.position()) < 0) {
          throw new IOException("it is shorter than it was");
        }
      }
    } catch (IOException e) {
      throw new FailureException(
          new Failure.Storage(
              "it cannot be read: " + e.getMessage(), path.toString(), "see what is wrong with it"),
          e);
    }
    return bytes.array();
  }

  private static byte[] fromSource(ChunkSource source, RepoFile file, long from, int length)
      throws SourceException {
    byte[] bytes = new byte[length];
    if (length == 0) {
      return bytes;
    }
    try (ChunkStream stream = source.open(file, new ByteRange(from, from + length))) {
      int got = 0;
      byte[] before = new byte[8192];
      while (got < length) {
        // Who ignores ranges sends what is before, too.
        long ahead = from + got - stream.offset();
        int count =
            ahead > 0
                ? stream.read(before, 0, (int) Math.min(before.length, ahead))
                : stream.read(bytes, got, length - got);
        if (count < 0) {
          throw new SourceException(new Trouble.Broken("the answer ended early"));
        }
        got += ahead > 0 ? 0 : count;
      }
    }
    return bytes;
  }
}
