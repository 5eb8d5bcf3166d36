package dev.exodl.cli;

import dev.exodl.cli.show.Screen;
import dev.exodl.cli.show.Signals;
import dev.exodl.cli.show.Stderr;
import dev.exodl.cli.show.Tty;
import dev.exodl.cli.show.WindowSize;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The process' own streams. Paths are written in UTF-8 whatever the locale says: they are bytes on
 * Linux.
 */
final class SystemConsole implements Console {
  private final Map<String, String> environment;
  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final Screen err;
  private final boolean terminal = Tty.is(2);
  private volatile @Nullable WindowSize size;

  SystemConsole(Map<String, String> environment, boolean color) {
    this.environment = environment;
    this.err = new Stderr(environment, this::size, color && terminal);
  }

  private WindowSize size() {
    WindowSize known = size;
    if (known == null) {
      known = WindowSize.ask(environment);
      size = known;
      Signals.handle("WINCH", () -> size = WindowSize.ask(environment));
    }
    return known;
  }

  @Override
  public PrintStream out() {
    return out;
  }

  @Override
  public Screen err() {
    return err;
  }

  @Override
  public boolean errIsTerminal() {
    return terminal && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  @Override
  public @Nullable String ask(String question) {
    if (!Tty.is(0)) {
      return null;
    }
    err.write(question);
    try {
      return new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))
          .readLine();
    } catch (IOException e) {
      return null;
    }
  }
}
