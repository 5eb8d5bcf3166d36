package dev.exodl.plan;

/**
 * Adjacent chunks of one file that one connection fetches, from {@code first} to {@code end}
 * (exclusive).
 *
 * @param id unique in its plan
 * @param file the file's number in the plan
 */
public record Run(long id, int file, int first, int end) {
  public Run {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException("empty run: " + first + " to " + end);
    }
  }

  public int chunks() {
    return end - first;
  }

  /** The same run, ending earlier. */
  public Run cutAt(int newEnd) {
    return new Run(id, file, first, newEnd);
  }
}
