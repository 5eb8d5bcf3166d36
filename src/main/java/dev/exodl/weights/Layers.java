package dev.exodl.weights;

import dev.exodl.model.Printable;
import dev.exodl.weights.Position.Shared;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers that somebody asks for, and what else.
 *
 * @param ranges in order, none touching what another one has
 * @param named what has no layer number and was asked for by its word
 */
public record Layers(List<LayerRange> ranges, Set<Shared> named) {
  /** No model has more layers. */
  public static final int MOST = 100_000;

  private static final Pattern RANGE = Pattern.compile("([0-9]{1,6})(?:-([0-9]{1,6}))?");

  public Layers {
    ranges = List.copyOf(ranges);
    named = Set.copyOf(named);
  }

  /** These layers, and what goes with them. */
  public static Layers of(LayerRange range) {
    return new Layers(List.of(range), Set.of());
  }

  /**
   * Reads a list such as {@code 0-15,embed,head}: numbers and ranges from 0, both ends included;
   * {@code embed}, {@code head} (with the norm before it) and {@code other} for what has no number.
   *
   * @throws dev.exodl.model.FailureException usage failure when it is none, or names something
   *     twice
   */
  public static Layers parse(String option, String text) {
    List<LayerRange> ranges = new ArrayList<>();
    Set<Shared> named = EnumSet.noneOf(Shared.class);
    for (String word : text.split(",", -1)) {
      String item = word.strip().toLowerCase(Locale.ROOT);
      Matcher range = RANGE.matcher(item);
      if (range.matches()) {
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        if (last < first || last >= MOST) {
          throw bad(option, text, "'" + item + "' are no layers");
        }
        ranges.add(new LayerRange(first, last));
      } else if (!named.addAll(shared(option, text, item))) {
        throw bad(option, text, "'" + item + "' stands there twice");
      }
    }
    ranges.sort(Comparator.comparingInt(LayerRange::first));
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).first() <= ranges.get(i - 1).last()) {
        throw bad(
            option,
            text,
            "'" + ranges.get(i - 1) + "' and '" + ranges.get(i) + "' have layers in common");
      }
    }
    return new Layers(ranges, named);
  }

  private static Set<Shared> shared(String option, String text, String item) {
    return switch (item) {
      case "embed" -> EnumSet.of(Shared.EMBED);
      case "head" -> EnumSet.of(Shared.NORM, Shared.HEAD);
      case "other" -> EnumSet.of(Shared.OTHER);
      default -> throw bad(option, text, "'" + Printable.of(item) + "' is no layer");
    };
  }

  private static RuntimeException bad(String option, String text, String why) {
    return Refusal.usage(
        "bad value '" + Printable.of(text) + "': " + why,
        option,
        "give layers from 0, both ends included, such as 0-15 or 0-7,12,embed,head");
  }

  /**
   * These layers, if a model of so many has them.
   *
   * @throws dev.exodl.model.FailureException usage failure that names a layer it does not have
   */
  public Layers in(String option, int layers) {
    for (LayerRange range : ranges) {
      if (range.last() >= layers) {
        throw Refusal.usage(
            "the model has no layer "
                + Math.max(range.first(), layers)
                + ": its "
                + (layers == 1 ? "only layer is 0" : "layers are 0 to " + (layers - 1)),
            option,
            "ask for layers that it has");
      }
    }
    return this;
  }

  public boolean contains(int layer) {
    return ranges.stream().anyMatch(r -> r.contains(layer));
  }

  /** How many layers. */
  public int count() {
    return ranges.stream().mapToInt(LayerRange::count).sum();
  }

  /** As {@link #parse} takes it. */
  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    ranges.forEach(r -> words.add(r.toString()));
    if (named.contains(Shared.EMBED)) {
      words.add("embed");
    }
    if (named.contains(Shared.HEAD)) {
      words.add("head");
    }
    if (named.contains(Shared.OTHER)) {
      words.add("other");
    }
    return String.join(",", words);
  }
}
