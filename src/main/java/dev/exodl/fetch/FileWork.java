package dev.exodl.fetch;

import dev.exodl.model.RepoFile;
import java.util.BitSet;
import java.util.Optional;

/**
 * A file to be fetched, as its owner sees it: opened when its turn comes, finished when all of it
 * is here.
 */
public interface FileWork {
  RepoFile file();

  /** A sink that is open, and the chunks it holds from before. */
  record Unfinished(ChunkSink sink, BitSet have) {}

  /**
   * Makes the sink. May block, for example while another process fetches the same file.
   *
   * @param waiting to be called once when it will take long
   * @return empty when nothing is left to fetch
   */
  Optional<Unfinished> open(Runnable waiting);

  /**
   * Every chunk is held: verify and place the file.
   *
   * @return the chunks that turned out to be bad and have to be fetched again; empty when the file
   *     is done
   * @throws dev.exodl.model.FailureException when the file cannot be right
   */
  BitSet whole();
}
