package dev.exodl.model;

/**
 * Text from outside made fit for a terminal: control characters become escapes, long text is cut.
 */
public final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /** The text with control characters as backslash-u escapes and at most 200 characters. */
  public static String of(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (i == LONGEST) {
        return out.append("...").toString();
      }
      char c = text.charAt(i);
      // Format characters (Cf) can reorder what a terminal shows.
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
