package dev.exodl.cli;

import dev.exodl.cli.show.FakeScreen;
import dev.exodl.cli.show.Screen;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** A console that remembers. */
final class FakeConsole implements Console {
  final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  FakeScreen screen = new FakeScreen(80, 24);
  final Deque<String> answers = new ArrayDeque<>();
  boolean terminal;
  boolean outTerminal;
  boolean inTerminal;
  InputStream in = InputStream.nullInputStream();

  /** What happens when something is about to be printed. */
  Runnable beforeOut = () -> {};

  String stdout() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  String stderr() {
    return screen.written();
  }

  @Override
  public PrintStream out() {
    beforeOut.run();
    return out;
  }

  @Override
  public Screen err() {
    return screen;
  }

  @Override
  public boolean errIsTerminal() {
    return terminal;
  }

  @Override
  public boolean outIsTerminal() {
    return outTerminal;
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public boolean inIsTerminal() {
    return inTerminal;
  }

  @Override
  public String ask(String question) {
    if (!answers.isEmpty()) {
      screen.write(question);
    }
    return answers.pollFirst();
  }
}
