package dev.exodl.download;

import dev.exodl.model.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern over whole paths, as Python's fnmatch understands it (huggingface_hub uses that):
 * {@code *} also matches {@code /}, {@code ?} is one character, {@code [seq]} and {@code [!seq]}
 * are sets, nothing is an escape, a set that is not closed is an ordinary {@code [}. Case counts.
 * As in huggingface_hub {@code utils/_paths.py}, a {@code \} counts as {@code /}, and a pattern
 * that ends in {@code /} takes all below.
 */
public final class Glob {
  /** One part of a pattern. */
  private sealed interface Token {
    record Star() implements Token {}

    record Any() implements Token {}

    record Literal(int codePoint) implements Token {}

    /** {@code bounds} holds pairs: from, to. An inverted set takes what is in none of them. */
    record Set(boolean inverted, List<int[]> bounds) implements Token {
      boolean takes(int c) {
        return inverted != bounds.stream().anyMatch(b -> b[0] <= c && c <= b[1]);
      }
    }
  }

  private final String text;
  private final List<Token> tokens = new ArrayList<>();

  /** A pattern; every text is one. */
  public Glob(String pattern) {
    text = pattern;
    String slashed = pattern.replace('\\', '/');
    parse((slashed.endsWith("/") ? slashed + "*" : slashed).codePoints().toArray());
  }

  private void parse(int[] p) {
    int i = 0;
    while (i < p.length) {
      int c = p[i++];
      switch (c) {
        case '*' -> {
          if (tokens.isEmpty() || !(tokens.getLast() instanceof Token.Star)) {
            tokens.add(new Token.Star());
          }
        }
        case '?' -> tokens.add(new Token.Any());
        case '[' -> i = set(p, i);
        default -> tokens.add(new Token.Literal(c));
      }
    }
  }

  /** Parses what follows a {@code [} at {@code i - 1}; returns where to go on. */
  private int set(int[] p, int i) {
    int j = i;
    j += j < p.length && p[j] == '!' ? 1 : 0;
    // A ] that comes first stands for itself.
    j += j < p.length && p[j] == ']' ? 1 : 0;
    while (j < p.length && p[j] != ']') {
      j++;
    }
    if (j >= p.length) {
      tokens.add(new Token.Literal('['));
      return i;
    }
    boolean inverted = p[i] == '!';
    tokens.add(new Token.Set(inverted, bounds(p, inverted ? i + 1 : i, j)));
    return j + 1;
  }

  /**
   * A hyphen between two characters makes a range; first, last, or right behind a range it is
   * itself.
   */
  private static List<int[]> bounds(int[] p, int from, int to) {
    List<int[]> bounds = new ArrayList<>();
    int i = from;
    while (i < to) {
      if (i + 2 < to && p[i + 1] == '-') {
        if (p[i] <= p[i + 2]) {
          bounds.add(new int[] {p[i], p[i + 2]});
        }
        i += 3;
      } else {
        bounds.add(new int[] {p[i], p[i]});
        i++;
      }
    }
    return bounds;
  }

  /** Whether the whole path matches. */
  public boolean matches(String path) {
    int[] s = path.replace('\\', '/').codePoints().toArray();
    int at = 0;
    int token = 0;
    int star = -1;
    int resume = 0;
    while (at < s.length) {
      if (token < tokens.size() && tokens.get(token) instanceof Token.Star) {
        star = token++;
        resume = at;
      } else if (token < tokens.size() && one(tokens.get(token), s[at])) {
        token++;
        at++;
      } else if (star >= 0) {
        // Only the last star needs to give way: an earlier one could not do better.
        token = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (token < tokens.size() && tokens.get(token) instanceof Token.Star) {
      token++;
    }
    return token == tokens.size();
  }

  private static boolean one(Token token, int c) {
    return switch (token) {
      case Token.Star star -> false;
      case Token.Any any -> true;
      case Token.Literal literal -> literal.codePoint() == c;
      case Token.Set set -> set.takes(c);
    };
  }

  @Override
  public String toString() {
    return Printable.of(text);
  }
}
