package dev.exodl.cli;

import dev.exodl.cli.complete.CompletionRequest;
import dev.exodl.cli.show.Screen;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The rehearsal for the AOT cache (JEP 483): Java records what one run uses, and a run that
 * downloads never shows the help. So the recorded run, marked by a system property, answers what is
 * asked most before it goes on.
 */
final class AotTraining {
  private static final String[][] PLAIN = {
    {"--version"},
    {"sync", "--version"},
    {"--help"},
    {"sync", "--help"},
    {"sync"},
    {"sync", "--no-such-option"}
  };

  private static final String[] REQUEST = {"__complete", "repos", "", "exo-dl", "sync"};

  private AotTraining() {}

  /** Does nothing but in the recorded run. */
  static void rehearse() {
    if (Boolean.getBoolean("exodl.training")) {
      for (String[] args : PLAIN) {
        var _ = Main.answerPlainly(args, new Silent());
      }
      var _ = CompletionRequest.answer(REQUEST, System.getenv(), "/");
    }
  }

  private record Silent() implements Console, Screen {
    @Override
    public PrintStream out() {
      return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }

    @Override
    public Screen err() {
      return this;
    }

    @Override
    public boolean errIsTerminal() {
      return false;
    }

    @Override
    public boolean outIsTerminal() {
      return false;
    }

    @Override
    public InputStream in() {
      return InputStream.nullInputStream();
    }

    @Override
    public boolean inIsTerminal() {
      return false;
    }

    @Override
    public @Nullable String ask(String question) {
      return null;
    }

    @Override
    public void write(String text) {}

    @Override
    public int columns() {
      return 100;
    }

    @Override
    public int rows() {
      return 24;
    }

    @Override
    public boolean color() {
      return false;
    }

    @Override
    public boolean unicode() {
      return true;
    }
  }
}
