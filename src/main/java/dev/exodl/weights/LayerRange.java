package dev.exodl.weights;

/** Layers {@code first} to {@code last}, both included, from 0. */
public record LayerRange(int first, int last) {
  public LayerRange {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("no layers: " + first + " to " + last);
    }
  }

  public int count() {
    return last - first + 1;
  }

  public boolean contains(int layer) {
    return layer >= first && layer <= last;
  }

  /** For example {@code 0-15}, or {@code 7}. */
  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
