package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Is told each step on disk that matters for what survives a crash, after it was done. Production
 * does nothing with it; a test throws from it to crash there, or copies what is safe by then.
 */
@FunctionalInterface
interface DiskSteps {
  /** Nobody listens. */
  DiskSteps NONE = (step, path) -> {};

  /** What was just done to a path. */
  enum Step {
    /** Bytes were written; only the page cache is sure to have them. */
    WRITTEN,
    /** The file's bytes and length are on the medium. */
    FILE_SYNCED,
    /** The path is the new name of a file or folder. */
    RENAMED,
    /** The folder's entries are on the medium. */
    FOLDER_SYNCED,
    /** The path was deleted. */
    DELETED
  }

  /** Called after a step. An exception is as if the step had failed with it. */
  void done(Step step, Path path) throws IOException;
}
