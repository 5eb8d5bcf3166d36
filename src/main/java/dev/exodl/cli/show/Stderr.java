package dev.exodl.cli.show;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The real stderr. */
public final class Stderr implements Screen {
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.err);
  private final Supplier<WindowSize> size;
  private final boolean color;
  private final boolean unicode;

  /**
   * The stream with what the environment says of it.
   *
   * @param size asked at each drawing, so it has to be cheap
   * @param color whether colours are wanted
   */
  public Stderr(Map<String, String> environment, Supplier<WindowSize> size, boolean color) {
    this.size = size;
    this.color = color && !environment.getOrDefault("TERM", "").equals("dumb");
    this.unicode = locale(environment).matches(".*utf-?8.*");
  }

  private static String locale(Map<String, String> environment) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value.toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  @Override
  public void write(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Whoever read it is gone; the work goes on.
    }
  }

  @Override
  public int columns() {
    return size.get().columns();
  }

  @Override
  public int rows() {
    return size.get().rows();
  }

  @Override
  public boolean color() {
    return color;
  }

  @Override
  public boolean unicode() {
    return unicode;
  }
}
