package dev.exodl.cli;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * For an option whose value may be left out: only {@code --option=VALUE} gives it one, so that the
 * word behind a plain {@code --option} stays what it is, a REPO for example.
 */
@RegisterForReflection // picocli makes it by its name
final class OnlyAttached implements IParameterPreprocessor {
  @Override
  @SuppressWarnings("JdkObsolete") // picocli's own type
  public boolean preprocess(
      Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
    if (option instanceof OptionSpec spec && !"=".equals(info.get("separator"))) {
      args.push(spec.fallbackValue());
    }
    return false;
  }
}
