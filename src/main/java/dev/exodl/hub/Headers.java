package dev.exodl.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A reply's headers; names in any case. */
final class Headers {
  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * From a map as {@link java.net.URLConnection#getHeaderFields()} gives it: the status line has no
   * name there.
   */
  Headers(Map<String, List<String>> all) {
    for (Map.Entry<String, List<String>> field : all.entrySet()) {
      @Nullable String name = field.getKey();
      if (name != null) {
        fields.computeIfAbsent(name, n -> new ArrayList<>()).addAll(field.getValue());
      }
    }
  }

  @Nullable String first(String name) {
    List<String> values = fields.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  List<String> all(String name) {
    return fields.getOrDefault(name, List.of());
  }
}
