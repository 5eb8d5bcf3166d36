package dev.exodl.cli.complete;

import picocli.CommandLine.Model.CommandSpec;

/** The shells that there are scripts for. */
public enum Shell {
  BASH("exo-dl.bash"),
  ZSH("_exo-dl"),
  FISH("exo-dl.fish");

  private final String file;

  Shell(String file) {
    this.file = file;
  }

  /** The name of the script's file; zsh and fish go by it. */
  public String file() {
    return file;
  }

  /**
   * The script.
   *
   * @param program the whole command line's model
   */
  public String script(CommandSpec program) {
    Verb top = Verb.of(program);
    return switch (this) {
      case BASH -> BashScript.of(top);
      case ZSH -> ZshScript.of(top);
      case FISH -> FishScript.of(top);
    };
  }
}
