package dev.exodl.cli;

import dev.exodl.cli.complete.Shell;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exo-dl completion}. It needs no settings, so it runs without the framework. */
@Command(
    name = "completion",
    header = "Print what makes Tab complete commands, options and cached repos in a shell.",
    description = {
      "",
      "Put it where the shell looks for it, as in the examples; make the folder if there is none.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  exo-dl completion bash > ~/.local/share/bash-completion/completions/exo-dl",
      "  exo-dl completion zsh > ~/.zfunc/_exo-dl",
      "  exo-dl completion fish > ~/.config/fish/completions/exo-dl.fish",
      "",
      "bash finds it there when its package bash-completion is installed; without it, add this to",
      "~/.bashrc: source ~/.local/share/bash-completion/completions/exo-dl",
      "zsh finds it when ~/.zshrc has 'fpath+=~/.zfunc' before 'autoload -Uz compinit; compinit'.",
      "For the shell you are in: 'source <(exo-dl completion bash)', the same with zsh, or",
      "'exo-dl completion fish | source'."
    })
public final class CompletionCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  Shell shell = Shell.BASH;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Override
  public Integer call() {
    CommandSpec known = Objects.requireNonNull(spec, "picocli sets it");
    PrintWriter out = known.commandLine().getOut();
    out.print(shell.script(known.root()));
    out.flush();
    return 0;
  }
}
