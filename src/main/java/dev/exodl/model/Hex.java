package dev.exodl.model;

/** Lower-case hexadecimal text. */
public final class Hex {
  private Hex() {}

  /** Whether the text is exactly {@code digits} lower-case hexadecimal digits. */
  public static boolean is(String text, int digits) {
    return text.length() == digits
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
