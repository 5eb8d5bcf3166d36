package dev.exodl.cli.complete;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.ArgSpec;

/** What is written for a value, as far as a shell can help with it. */
sealed interface Wanted {
  /** No value at all. */
  record Nothing() implements Wanted {}

  /** Something that nobody can guess: a number, a pattern, a token. */
  record Text() implements Wanted {}

  /** One of these words. */
  record Choice(List<String> words) implements Wanted {
    public Choice {
      words = List.copyOf(words);
    }
  }

  /** Text that only {@code =} ties to its option, which may do without. */
  record Attached() implements Wanted {}

  /** A folder of this machine. */
  record Folder() implements Wanted {}

  /** A file of this machine. */
  record AnyFile() implements Wanted {}

  /** A repo, perhaps with a revision; the cached ones are offered. */
  record CachedRepo() implements Wanted {}

  /** Read from the type and, where that is text, from the label that the help shows. */
  static Wanted of(ArgSpec spec) {
    if (spec.arity().max() == 0) {
      return new Nothing();
    }
    if (spec.isOption() && spec.arity().min() == 0) {
      return new Attached();
    }
    if (spec.type().isEnum()) {
      return new Choice(
          Arrays.stream(spec.type().getEnumConstants())
              .map(c -> c.toString().toLowerCase(Locale.ROOT))
              .toList());
    }
    return switch (spec.paramLabel()) {
      case "DIR" -> new Folder();
      case "KEY", "ARCHIVE", "MODELS" -> new AnyFile();
      case "REPO[@REV]" -> new CachedRepo();
      default -> new Text();
    };
  }
}
