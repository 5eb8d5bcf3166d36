package dev.exodl.cli.show;

import java.util.ArrayList;
import java.util.List;

/** A terminal of a given size that keeps what was written and can be resized. */
public final class FakeScreen implements Screen {
  private final StringBuilder text = new StringBuilder();
  private int columns;
  private final int rows;
  boolean color;
  boolean unicode = true;

  public FakeScreen(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  public synchronized String written() {
    return text.toString();
  }

  void resize(int newColumns) {
    columns = newColumns;
  }

  /**
   * What a person sees: the sequences are carried out as a terminal does, lines that do not fit are
   * wrapped.
   */
  List<String> seen() {
    List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    int row = 0;
    int at = 0;
    String all = text.toString();
    for (int i = 0; i < all.length(); ) {
      int c = all.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\n') {
        row++;
        at = 0;
        while (lines.size() <= row) {
          lines.add(new StringBuilder());
        }
      } else if (c == '\r') {
        at = 0;
      } else if (c == 0x1b) {
        int end = i + 1;
        while (!Character.isLetter(all.charAt(end))) {
          end++;
        }
        String argument = all.substring(i + 1, end);
        switch (all.charAt(end)) {
          case 'A' -> row = Math.max(0, row - Integer.parseInt(argument));
          case 'K' -> lines.get(row).setLength(Math.min(at, lines.get(row).length()));
          case 'J' -> {
            lines.get(row).setLength(Math.min(at, lines.get(row).length()));
            while (lines.size() > row + 1) {
              lines.removeLast();
            }
          }
          default -> {}
        }
        i = end + 1;
      } else {
        StringBuilder line = lines.get(row);
        String sign = Character.toString(c);
        if (at < line.length()) {
          line.replace(at, Math.min(line.length(), at + sign.length()), sign);
        } else {
          line.append(sign);
        }
        at += sign.length();
      }
    }
    return lines.stream().map(StringBuilder::toString).toList();
  }

  @Override
  public synchronized void write(String more) {
    text.append(more);
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int rows() {
    return rows;
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
