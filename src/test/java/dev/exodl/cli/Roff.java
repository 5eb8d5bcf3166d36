package dev.exodl.cli;

import java.util.regex.Pattern;

/** Text of a manual page in the macros of man(7), escaped, a sentence a line, no line over 80. */
final class Roff {
  private static final Pattern SENTENCE = Pattern.compile("(?<=[A-Za-z0-9)'][.]) +(?=[A-Z])");
  private static final int WIDTH = 78;

  private final StringBuilder text = new StringBuilder();

  Roff section(String title) {
    return macro(".SH " + title);
  }

  Roff subsection(String title) {
    return macro(".SS " + escaped(title));
  }

  /** A line that is roff already. */
  Roff macro(String line) {
    text.append(line).append('\n');
    return this;
  }

  Roff paragraph(String prose) {
    return macro(".PP").prose(prose);
  }

  /** A term, and what is said of it. */
  Roff item(String term, String prose) {
    return macro(".TP").macro(term).prose(prose);
  }

  /** Lines as they are. */
  Roff verbatim(Iterable<String> lines) {
    macro(".PP").macro(".in +4n").macro(".nf");
    lines.forEach(line -> macro(start(escaped(line))));
    return macro(".fi").macro(".in");
  }

  Roff prose(String prose) {
    for (String sentence : SENTENCE.split(prose.strip())) {
      StringBuilder line = new StringBuilder();
      for (String word : sentence.split(" +")) {
        String escaped = escaped(word);
        if (line.length() + 1 + escaped.length() > WIDTH) {
          macro(start(line.toString()));
          line.setLength(0);
        }
        line.append(line.isEmpty() ? "" : " ").append(escaped);
      }
      macro(start(line.toString()));
    }
    return this;
  }

  static String bold(String literal) {
    return "\\fB" + escaped(literal) + "\\fR";
  }

  static String italic(String word) {
    return "\\fI" + escaped(word) + "\\fR";
  }

  /**
   * Minus signs, quotes and tildes stay what they are in a terminal, so that they can be copied.
   */
  static String escaped(String plain) {
    StringBuilder escaped = new StringBuilder();
    for (char c : plain.toCharArray()) {
      switch (c) {
        case '\\' -> escaped.append("\\e");
        case '-' -> escaped.append("\\-");
        case '\'' -> escaped.append("\\(aq");
        case '`' -> escaped.append("\\(ga");
        case '^' -> escaped.append("\\(ha");
        case '~' -> escaped.append("\\(ti");
        default -> {
          if (c < ' ' || c > '~') {
            throw new IllegalArgumentException("not ASCII: " + plain);
          }
          escaped.append(c);
        }
      }
    }
    return escaped.toString();
  }

  /** A dot at the beginning would make a macro of the line. */
  private static String start(String line) {
    return line.startsWith(".") ? "\\&" + line : line;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
