package dev.exodl.cli.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table in the README and in docs/settings.md is made from the settings; {@code
 * -Dgolden.write=true} writes it.
 */
class SettingsDocTest {
  private static final String BEGIN = "<!-- table: made by SettingsDocTest -->\n";
  private static final String END = "<!-- end of table -->\n";

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/settings.md"})
  void theTableOfSettingsIsTrue(String doc) throws IOException {
    Path file = Path.of(doc);
    String text = Files.readString(file);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    String expected = text.substring(0, from) + table() + text.substring(to);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(file, expected);
    }
    assertEquals(expected, Files.readString(file));
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder(
            """
            | config file | environment | also | default | |
            | --- | --- | --- | --- | --- |
            """);
    for (Setting setting : Setting.ALL) {
      String also =
          setting.also().stream()
              .map(v -> v.startsWith("!") ? "not `" + v.substring(1) + "`" : "`" + v + "`")
              .collect(Collectors.joining(", "));
      String standard =
          setting.standard() == null ? setting.otherwise() : "`" + setting.standard() + "`";
      table.append(
          "| `%s` | `%s` | %s | %s | %s |\n"
              .formatted(
                  setting.key(),
                  setting.variable(),
                  also,
                  standard.isEmpty() ? "none" : standard,
                  setting.about()));
    }
    return table.toString();
  }
}
