package dev.exodl.toolchain;

import java.util.List;

/** The words of a command line, taken from the front. */
final class Words {

  private final List<String> words;
  private int next;

  Words(List<String> words) {
    this.words = List.copyOf(words);
  }

  boolean more() {
    return next < words.size();
  }

  String peek() {
    return words.get(next);
  }

  String take() {
    return words.get(next++);
  }

  /**
   * The value of an option just taken, which is the next word.
   *
   * @throws UsageException when there is none
   */
  String valueOf(String option) {
    if (!more()) {
      throw new UsageException("option %s needs a value after it".formatted(option));
    }
    return take();
  }
}
