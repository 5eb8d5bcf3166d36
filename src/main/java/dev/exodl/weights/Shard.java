package dev.exodl.weights;

import dev.exodl.model.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Share {@code number} (from 1) of {@code of} shares of a model's layers. */
public record Shard(int number, int of) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})/([0-9]{1,6})");

  public Shard {
    if (number < 1 || number > of) {
      throw new IllegalArgumentException("no share: " + number + " of " + of);
    }
  }

  /**
   * Reads {@code 2/4}.
   *
   * @throws dev.exodl.model.FailureException usage failure when it is no share
   */
  public static Shard parse(String option, String text) {
    Matcher form = FORM.matcher(text.strip());
    int number = form.matches() ? Integer.parseInt(form.group(1)) : 0;
    int of = form.matches() ? Integer.parseInt(form.group(2)) : 0;
    if (number < 1 || number > of) {
      throw Refusal.usage(
          "bad value '" + Printable.of(text) + "'",
          option,
          "give a share from 1 and the number of shares, such as 2/4");
    }
    return new Shard(number, of);
  }

  @Override
  public String toString() {
    return number + "/" + of;
  }
}
