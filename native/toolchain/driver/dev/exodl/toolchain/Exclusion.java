package dev.exodl.toolchain;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Metadata that {@code --exclude-config} leaves out.
 *
 * @param entries found in the path of a class path entry
 * @param resources found in {@code /META-INF/native-image/...}, the name inside that entry
 */
record Exclusion(Pattern entries, Pattern resources) {

  static Exclusion of(String entries, String resources) {
    try {
      return new Exclusion(Pattern.compile(entries), Pattern.compile(resources));
    } catch (PatternSyntaxException e) {
      throw new UsageException(
          "--exclude-config needs two regular expressions: %s (%s)"
              .formatted(e.getPattern(), e.getDescription()));
    }
  }

  /**
   * Whether it leaves out a resource.
   *
   * @param resource without a leading slash; patterns are written with one or without
   */
  boolean covers(Path entry, String resource) {
    return entries.matcher(entry.toString()).find() && resources.matcher("/" + resource).find();
  }
}
