package dev.exodl.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** The program's version, which the build writes into a file beside this class. */
public final class Version implements IVersionProvider {
  /** For example {@code 0.1.0}. */
  public static String text() {
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code --version} prints. */
  static String line() {
    return "exo-dl " + text();
  }

  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }
}
