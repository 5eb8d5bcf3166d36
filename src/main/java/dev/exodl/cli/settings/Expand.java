package dev.exodl.cli.settings;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expands {@code ~}, {@code $NAME} and {@code ${NAME}} in a path as Python's {@code expanduser} and
 * {@code expandvars} do: an unknown variable stays as it is.
 */
record Expand(Map<String, String> environment, String home) implements UnaryOperator<String> {
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");

  @Override
  public String apply(String text) {
    String path = text;
    if (path.equals("~") || path.startsWith("~/")) {
      path = home + path.substring(1);
    }
    return VARIABLE
        .matcher(path)
        .replaceAll(
            match -> {
              String name = match.group(1) != null ? match.group(1) : match.group(2);
              return Matcher.quoteReplacement(environment.getOrDefault(name, match.group()));
            });
  }
}
