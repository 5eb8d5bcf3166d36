package dev.exodl.cli.show;

import java.util.List;

/**
 * Lines at the bottom of a terminal that are drawn over in place, with messages above them. Each
 * drawing is one write, every line of it ends in "erase to the end", and nothing is erased before
 * it is overwritten, so nothing flickers. Not safe for several threads.
 */
final class StandingLines {
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String ERASE_RIGHT = "\u001b[K";
  private static final String ERASE_BELOW = "\u001b[J";

  private final Screen screen;
  private List<String> standing = List.of();
  private int standingColumns;

  StandingLines(Screen screen) {
    this.screen = screen;
  }

  /** Puts these in place of those that stand. */
  void draw(List<String> lines) {
    screen.write(HIDE_CURSOR + home() + text(lines) + ERASE_BELOW);
    standing = lines;
    standingColumns = screen.columns();
  }

  /** Tells a line above them. */
  void say(String line) {
    screen.write(home() + line + ERASE_RIGHT + "\n" + text(standing) + ERASE_BELOW);
    standingColumns = screen.columns();
  }

  /** Takes them away. */
  void clear() {
    if (!standing.isEmpty()) {
      screen.write(home() + ERASE_BELOW + SHOW_CURSOR);
    }
    standing = List.of();
  }

  /** Lets them stand for good. */
  void leave() {
    if (!standing.isEmpty()) {
      screen.write(SHOW_CURSOR);
    }
    standing = List.of();
  }

  private static String text(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append(ERASE_RIGHT).append('\n'));
    return text.toString();
  }

  /**
   * Goes up to the first standing line. A terminal that became narrower has wrapped the lines, so
   * they stand higher.
   */
  private String home() {
    int columns = Math.max(1, screen.columns());
    int up = 0;
    for (String line : standing) {
      int width = Columns.of(line.replaceAll("\u001b\\[[0-9;]*m", ""));
      up += columns >= standingColumns ? 1 : Math.max(1, (width + columns - 1) / columns);
    }
    return up == 0 ? "" : "\r\u001b[" + Math.min(up, Math.max(1, screen.rows() - 1)) + "A";
  }
}
