package dev.exodl.share;

import java.nio.file.Path;

/** What a request gets. */
sealed interface Answer {
  /** Bytes, from this file at the same offsets. A slot was taken for them. */
  record Bytes(ChunkRequest request, Path file) implements Answer {}

  /**
   * No.
   *
   * @param headers lines of their own, each with its line end; may be empty
   * @param reason one line for people
   * @param last whether the connection is closed afterwards
   */
  record No(int status, String phrase, String headers, String reason, boolean last)
      implements Answer {}
}
