package dev.exodl.cli.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table in docs/settings.md is made from the settings; {@code -Dgolden.write=true} writes it.
 */
class SettingsDocTest {
  private static final Path DOC = Path.of("docs/settings.md");
  private static final String BEGIN = "<!-- table: made by SettingsDocTest -->\n";
  private static final String END = "<!-- end of table -->\n";

  @Test
  void theTableOfSettingsIsTrue() throws IOException {
    String text = Files.readString(DOC);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    String expected = text.substring(0, from) + table() + text.substring(to);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(DOC, expected);
    }
    assertEquals(expected, Files.readString(DOC));
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
