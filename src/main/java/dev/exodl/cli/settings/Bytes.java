package dev.exodl.cli.settings;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it. {@code K M G T} (with or without {@code B}) are powers of
 * 1000, {@code Ki Mi Gi Ti} powers of 1024; {@code /s} may follow where a rate is meant. Upper and
 * lower case are the same, but {@code Mb} is not taken: those are bits to many people.
 */
public record Bytes(long value) {
  private static final List<String> UNITS = List.of("K", "M", "G", "T");

  private static final Pattern BITS = Pattern.compile(".*[KMGT]i?b(?:/s)?");

  private static final Pattern TEXT =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([kmgt]?)(i?)b?(?:/s)?");

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException says what a size looks like; also beyond 2^63-1
   */
  public static Bytes parse(CharSequence text) {
    String asked = text.toString().strip();
    if (BITS.matcher(asked).matches()) {
      throw new IllegalArgumentException(
          "bits are not taken: give bytes, such as 500, 64MiB, 1.5GB");
    }
    Matcher match = TEXT.matcher(asked.toLowerCase(Locale.ROOT));
    if (!match.matches() || (match.group(2).isEmpty() && !match.group(3).isEmpty())) {
      throw wrong();
    }
    int power = " kmgt".indexOf(match.group(2).isEmpty() ? ' ' : match.group(2).charAt(0));
    long base = match.group(3).isEmpty() ? 1000 : 1024;
    try {
      BigDecimal unit = BigDecimal.valueOf(base).pow(power);
      BigDecimal bytes = new BigDecimal(match.group(1)).multiply(unit);
      if (bytes.signum() > 0 && bytes.compareTo(BigDecimal.ONE) < 0) {
        // As 0 it would mean the opposite: no limit.
        throw wrong();
      }
      return new Bytes(bytes.toBigInteger().longValueExact());
    } catch (ArithmeticException e) {
      throw wrong();
    }
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException("a size is a number such as 500, 64MiB, 1.5GB");
  }

  /**
   * In the largest unit that leaves no fraction, else the plain number; {@link #parse} takes it.
   */
  public String written() {
    for (int power = UNITS.size(); power > 0 && value > 0; power--) {
      long decimal = Math.powExact(1000L, power);
      long binary = Math.powExact(1024L, power);
      String unit = UNITS.get(power - 1);
      if (value % binary == 0) {
        return value / binary + unit + "iB";
      }
      if (value % decimal == 0) {
        return value / decimal + unit + "B";
      }
    }
    return toString();
  }

  /** The plain number, which {@link #parse} takes. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
