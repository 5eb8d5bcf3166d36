package dev.exodl.toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Words in a text: white space divides them, {@code '} and {@code "} hold them together, and inside
 * quotes a backslash takes the next character as it is (as the {@code java} command's argument
 * files have it). Outside of quotes a backslash is an ordinary character, because regular
 * expressions are full of them.
 */
final class ArgumentFile {

  private ArgumentFile() {}

  /**
   * Puts the words of each {@code @file} in its place. {@code @@x} stands for {@code @x}. Files in
   * files are not looked into.
   *
   * @throws UsageException when such a file is not there
   */
  static List<String> expand(List<String> arguments, Path folder) throws IOException {
    var words = new ArrayList<String>();
    for (var argument : arguments) {
      if (argument.startsWith("@@")) {
        words.add(argument.substring(1));
      } else if (argument.startsWith("@") && argument.length() > 1) {
        words.addAll(words(read(folder.resolve(argument.substring(1))), true));
      } else {
        words.add(argument);
      }
    }
    return words;
  }

  /**
   * Cuts a text into words.
   *
   * @param comments whether {@code #} at the start of a word makes the rest of the line a comment
   */
  static List<String> words(String text, boolean comments) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    var open = false;
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        if (open) {
          words.add(word.toString());
          word.setLength(0);
          open = false;
        }
      } else if (c == '#' && comments && !open) {
        while (i + 1 < text.length() && text.charAt(i + 1) != '\n') {
          i++;
        }
      } else if (c == '"' || c == '\'') {
        open = true;
        i = quoted(text, i, word);
      } else {
        open = true;
        word.append(c);
      }
    }
    if (open) {
      words.add(word.toString());
    }
    return words;
  }

  /** A word as a {@code java} argument file must have it. */
  static String quote(String word) {
    return '"'
        + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }

  /**
   * Appends what stands between the quote at {@code start} and its pair, whose index is returned.
   */
  private static int quoted(String text, int start, StringBuilder word) {
    var quote = text.charAt(start);
    for (var i = start + 1; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == quote) {
        return i;
      }
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        c = text.charAt(i);
      }
      word.append(c);
    }
    throw new UsageException("a quote (%s) is not closed in: %s".formatted(quote, text.strip()));
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UsageException("argument file %s is not there".formatted(file));
    }
  }
}
