package dev.exodl.recipes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a part of a YAML file may hold: keys that nobody reads are mistakes. */
sealed interface Shape {
  /** Text, a number or a truth value, which has to fit; {@code what} says how. */
  record One(String what, Predicate<Object> fits) implements Shape {}

  /** A list of these. */
  record Each(Shape item) implements Shape {}

  /** Any keys, with these values. */
  record Named(Shape value) implements Shape {}

  /** These keys only. */
  record Keys(Map<String, Shape> keys) implements Shape {
    /** One more key. */
    Keys with(String names, Shape shape) {
      Map<String, Shape> more = new LinkedHashMap<>(keys);
      for (String name : names.split(" ")) {
        more.put(name, shape);
      }
      return new Keys(more);
    }
  }

  /** One of these. */
  record Either(List<Shape> shapes) implements Shape {}

  Shape TEXT = new One("text", v -> v instanceof String);
  Shape NUMBER = new One("a number", v -> v instanceof Integer);
  Shape TRUTH = new One("true or false", v -> v instanceof Boolean);
  Shape NOTHING = new One("nothing", v -> v == null);
  Shape TEXTS = new Each(TEXT);

  static Keys keys() {
    return new Keys(Map.of());
  }

  static Shape either(Shape... shapes) {
    return new Either(List.of(shapes));
  }

  /** Text with this pattern. */
  static Shape like(String pattern) {
    return new One(pattern, v -> v instanceof String s && s.matches(pattern));
  }

  /** What is wrong: a line for each, with its place. Empty when all fits. */
  static List<String> wrong(Shape shape, Object value, String at) {
    List<String> wrong = new ArrayList<>();
    switch (shape) {
      case One one -> {
        if (!one.fits.test(value)) {
          wrong.add(at + ": " + value + " is not " + one.what);
        }
      }
      case Each each -> {
        if (value instanceof List<?> list) {
          for (int i = 0; i < list.size(); i++) {
            wrong.addAll(wrong(each.item, list.get(i), at + "[" + i + "]"));
          }
        } else {
          wrong.add(at + ": no list");
        }
      }
      case Named named -> {
        if (value instanceof Map<?, ?> map) {
          map.forEach((k, v) -> wrong.addAll(wrong(named.value, v, at + "." + k)));
        } else {
          wrong.add(at + ": no mapping");
        }
      }
      case Keys keys -> {
        if (value instanceof Map<?, ?> map) {
          map.forEach(
              (k, v) -> {
                Shape known = keys.keys.get(String.valueOf(k));
                if (known == null) {
                  wrong.add(at + ": unknown key " + k);
                } else {
                  wrong.addAll(wrong(known, v, at + "." + k));
                }
              });
        } else {
          wrong.add(at + ": no mapping");
        }
      }
      case Either either -> {
        List<List<String>> all = either.shapes.stream().map(s -> wrong(s, value, at)).toList();
        if (all.stream().noneMatch(List::isEmpty)) {
          // The one that it was most likely meant to be.
          wrong.addAll(all.getLast());
        }
      }
    }
    return wrong;
  }
}
