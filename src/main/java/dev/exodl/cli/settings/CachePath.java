package dev.exodl.cli.settings;

import dev.exodl.store.Caches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How several caches are written: {@code DIR=ro:DIR}. */
public final class CachePath {
  private static final String ONLY_READ = "=ro";

  private CachePath() {}

  /**
   * The canonical text, with absolute folders.
   *
   * @throws IllegalArgumentException with a phrase for people
   */
  static String canonical(String text, Expand expand) {
    List<String> all = new ArrayList<>();
    Map<Path, String> met = new HashMap<>();
    for (String entry : text.strip().split(":", -1)) {
      boolean onlyRead = entry.endsWith(ONLY_READ);
      String name = onlyRead ? entry.substring(0, entry.length() - ONLY_READ.length()) : entry;
      if (name.isBlank()) {
        throw new IllegalArgumentException("one of its folders is empty");
      }
      String path = SettingValue.path(expand.apply(name));
      String before = met.put(real(Path.of(path)), name);
      if (before != null) {
        throw new IllegalArgumentException(
            before.equals(name)
                ? "it names a folder twice"
                : "'" + before + "' and '" + name + "' are the same folder");
      }
      all.add(path + (onlyRead ? ONLY_READ : ""));
    }
    return String.join(":", all);
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path;
    }
  }

  /** The caches that a canonical text names. */
  public static Caches caches(String canonical) {
    return Caches.of(Arrays.stream(canonical.split(":", -1)).map(CachePath::tier).toList());
  }

  private static Caches.Tier tier(String entry) {
    boolean onlyRead = entry.endsWith(ONLY_READ);
    String path = onlyRead ? entry.substring(0, entry.length() - ONLY_READ.length()) : entry;
    return new Caches.Tier(Path.of(path), onlyRead);
  }
}
