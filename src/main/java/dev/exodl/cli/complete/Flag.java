package dev.exodl.cli.complete;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option.
 *
 * @param names short ones first, with their dashes
 * @param label of the value, for people
 * @param repeated whether giving it again says more
 * @param hidden understood, but not offered
 */
record Flag(
    List<String> names,
    String about,
    String label,
    Wanted value,
    boolean repeated,
    boolean hidden) {
  Flag {
    names = List.copyOf(names);
  }

  static Flag of(OptionSpec option) {
    return new Flag(
        List.of(option.names()),
        Verb.brief(option.description()),
        option.paramLabel(),
        Wanted.of(option),
        option.isMultiValue(),
        option.hidden());
  }

  /** Whether only {@code =} ties a value to it, or none. */
  boolean mayHaveValue() {
    return value instanceof Wanted.Attached;
  }

  boolean hasValue() {
    return !(value instanceof Wanted.Nothing);
  }
}
