package dev.exodl.fetch;

import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import java.time.Duration;

/** Told of what a fetch does. Called from many threads, must return at once. */
public interface FetchListener {
  /** Bytes of content came from there, wanted or not. */
  void received(Origin from, long bytes);

  /**
   * {@code delta} more bytes of the file are in its sink; negative when an unfinished chunk was
   * given up.
   */
  void written(RepoFile file, long delta);

  /** One stream more or less. */
  void connections(int delta);

  /** A trouble, and a new attempt after the delay. */
  void retrying(RepoFile file, Trouble trouble, int attempt, Duration delay);

  /** A decision worth telling to who wants to know everything. */
  void detail(String text);
}
