package dev.exodl.cli;

import dev.exodl.cli.show.Screen;
import java.io.InputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** The program's streams. stdout is for results only. */
public interface Console {
  PrintStream out();

  Screen err();

  /** Whether stderr is a terminal. */
  boolean errIsTerminal();

  /** Whether stdout is a terminal. */
  boolean outIsTerminal();

  /** What others pipe into the program. */
  InputStream in();

  /** Whether stdin is a terminal. */
  boolean inIsTerminal();

  /** Asks on the terminal; null when stdin is no terminal or at its end. */
  @Nullable String ask(String question);

  /**
   * Why results could not be written to stdout; null when they were, or when its reader had enough.
   */
  default @Nullable String outTrouble() {
    return null;
  }

  default void tell(String line) {
    err().write(line + "\n");
  }
}
