package dev.exodl.cli.show;

/** How many columns text takes on a terminal: 0, 1 or 2 a character, as most terminals have it. */
final class Columns {
  /**
   * First and last of the ranges that are two columns wide: Unicode's East Asian Width W and F, and
   * emoji.
   */
  private static final int[][] WIDE = {
    {0x1100, 0x115F},
    {0x2E80, 0x303E},
    {0x3041, 0x33FF},
    {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF},
    {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F},
    {0x1F680, 0x1F6FF},
    {0x1F900, 0x1F9FF},
    {0x20000, 0x3FFFD}
  };

  private Columns() {}

  static int of(String text) {
    return text.codePoints().map(Columns::of).sum();
  }

  private static int of(int character) {
    int type = Character.getType(character);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    for (int[] range : WIDE) {
      if (character >= range[0] && character <= range[1]) {
        return 2;
      }
    }
    return 1;
  }

  /** The text cut to the width, keeping its end: shards of a model differ there. */
  static String keepEnd(String text, int width, String ellipsis) {
    if (of(text) <= width) {
      return text;
    }
    if (width <= ellipsis.length()) {
      return "";
    }
    int from = text.length();
    int left = width - ellipsis.length();
    while (from > 0) {
      int character = text.codePointBefore(from);
      left -= of(character);
      if (left < 0) {
        break;
      }
      from -= Character.charCount(character);
    }
    return ellipsis + text.substring(from);
  }

  /** The text cut to the width, keeping its beginning. */
  static String keepStart(String text, int width) {
    int at = 0;
    int left = width;
    while (at < text.length()) {
      int character = text.codePointAt(at);
      left -= of(character);
      if (left < 0) {
        break;
      }
      at += Character.charCount(character);
    }
    return text.substring(0, at);
  }

  static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - of(text)));
  }

  static String padLeft(String text, int width) {
    return " ".repeat(Math.max(0, width - of(text))) + text;
  }
}
