package dev.exodl.cli.complete;

import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A word that a command takes, besides its options.
 *
 * @param label for people
 * @param repeated whether any number of these may follow
 */
record Argument(String label, Wanted value, boolean repeated) {
  static Argument of(PositionalParamSpec parameter) {
    return new Argument(
        parameter.paramLabel(), Wanted.of(parameter), parameter.index().isVariable());
  }
}
