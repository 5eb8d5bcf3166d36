package dev.exodl.download;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a verification found.
 *
 * @param bytes read
 */
public record VerifyResult(List<Checked> files, long bytes, Duration took) {
  /** A judgement of one file. */
  public sealed interface Verdict {
    /** Its content has the hub's hash. */
    record Right() implements Verdict {}

    /** It has not. */
    record Wrong(String what) implements Verdict {}

    /** The commit has it, but it is not here; it may never have been asked for. */
    record Missing() implements Verdict {}

    /** Nothing here says what its content should be. */
    record Unknown(String why) implements Verdict {}
  }

  /**
   * One file.
   *
   * @param snapshot the repo and commit it belongs to, or the folder
   * @param name its path in the repo, or the blob's name
   */
  public record Checked(String snapshot, String name, Path path, Verdict verdict) {}

  /** How many files have a verdict of this kind. */
  public long count(Class<? extends Verdict> kind) {
    return files.stream().filter(f -> kind.isInstance(f.verdict())).count();
  }
}
