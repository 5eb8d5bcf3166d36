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
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
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
  private final PrintStream out = new PrintStream(new Remembering(), true, StandardCharsets.UTF_8);
  private final Screen err;
  private final boolean terminal = Tty.is(2);
  private volatile @Nullable WindowSize size;
  private volatile @Nullable String outTrouble;

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

  /** A PrintStream only tells that something went wrong, not what. */
  private final class Remembering extends OutputStream {
    private final FileOutputStream to = new FileOutputStream(FileDescriptor.out);

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        to.write(bytes, from, length);
      } catch (IOException e) {
        String why = String.valueOf(e.getMessage());
        // The reader of a pipe that is gone had what it wanted, as with "| head".
        outTrouble = why.contains("Broken pipe") ? outTrouble : why;
        throw e;
      }
    }
  }

  @Override
  public @Nullable String outTrouble() {
    out.flush();
    return outTrouble;
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
  public boolean outIsTerminal() {
    return Tty.is(1) && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  @Override
  public InputStream in() {
    return System.in;
  }

  @Override
  public boolean inIsTerminal() {
    return Tty.is(0);
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
