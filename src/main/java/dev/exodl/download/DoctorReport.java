package dev.exodl.download;

import dev.exodl.model.Failure;
import java.util.List;
import java.util.Optional;

/** What the doctor found, in the order it looked. */
public record DoctorReport(List<Finding> findings) {
  /** What one look gave. */
  public sealed interface Finding {
    /** What was looked at, in a word or two. */
    String about();

    /** All is well. */
    record Good(String about, String what) implements Finding {}

    /** Syncs work, but the user should know. */
    record Doubtful(String about, String what, String next) implements Finding {}

    /** Syncs will fail. */
    record Bad(String about, Failure failure) implements Finding {}

    /** It was not looked at. */
    record Skipped(String about, String why) implements Finding {}
  }

  /** The first thing that is bad. */
  public Optional<Failure> worst() {
    return findings.stream()
        .filter(f -> f instanceof Finding.Bad)
        .map(f -> ((Finding.Bad) f).failure())
        .findFirst();
  }
}
