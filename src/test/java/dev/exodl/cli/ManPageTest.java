package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.settings.Setting;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ManPageTest {
  private static String page() {
    return ManPage.of(CommandLines.of(CommandLine.defaultFactory(), new FakeConsole()));
  }

  @Test
  void theCheckedInPageIsTrue() throws IOException {
    Golden.check(Path.of("docs/man/exo-dl.1"), page());
  }

  @Test
  void nothingIsLeftOut() {
    String page = page();
    assertTrue(page.contains(".SS exo\\-dl cache prune\n"));
    assertTrue(page.contains("\\fB\\-\\-min\\-free\\-space\\fR \\fIBYTES\\fR\n"));
    Setting.ALL.forEach(s -> assertTrue(page.contains(s.variable()), s.variable()));
  }

  @Test
  void noLineOfProseIsLongerThanTheToolsLike() {
    page()
        .lines()
        .filter(l -> !l.startsWith("\\fB") && !l.startsWith("exo\\-dl "))
        .forEach(l -> assertTrue(l.length() <= 80, l));
  }
}
