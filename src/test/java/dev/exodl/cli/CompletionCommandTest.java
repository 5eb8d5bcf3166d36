package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.complete.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class CompletionCommandTest {
  @ParameterizedTest
  @EnumSource(Shell.class)
  void theCheckedInScriptIsWhatTheProgramPrints(Shell shell) throws IOException {
    Harness harness = new Harness();
    // No settings are looked at, so wrong ones are no matter.
    harness.environment.put("EXO_DL_MAX_RATE", "nonsense");
    assertEquals(0, harness.run("completion", shell.name().toLowerCase(Locale.ROOT)));
    assertEquals("", harness.console.stderr());
    Golden.check(Path.of("completions").resolve(shell.file()), harness.console.stdout());
  }

  @ParameterizedTest
  @EnumSource(Shell.class)
  void whatIsHiddenIsNotOffered(Shell shell) {
    String script =
        shell.script(
            CommandLines.of(CommandLine.defaultFactory(), new FakeConsole()).getCommandSpec());
    assertTrue(script.contains("max-connections"), "an option");
    assertFalse(script.contains("-l max-workers"), "fish");
    assertFalse(script.contains("'--max-workers"), "zsh");
    script
        .lines()
        .filter(l -> l.contains("options='"))
        .forEach(l -> assertFalse(l.contains("max-workers"), l));
  }

  /** A new label has to be decided on in {@code Wanted.of}, and then to be named here. */
  @Test
  void theLabelsOfValuesAreThoseThatTheScriptsKnow() {
    Set<String> known =
        Set.of(
            "DIR",
            "DIRS",
            "REPO[@REV]",
            "FILE",
            "TYPE",
            "STYLE",
            "SHELL",
            "COMMAND",
            "CMD",
            "REV",
            "PATTERN",
            "URL",
            "TOKEN",
            "N",
            "NAME",
            "KEY",
            "ARCHIVE",
            "MODELS",
            "ADDRESS",
            "HOSTS",
            "WAY",
            "ZONE",
            "HOW",
            "TIME",
            "SECONDS",
            "BYTES",
            "LIST",
            "K/N",
            "FORM");
    for (CommandLine command : UsageTest.commands()) {
      for (ArgSpec spec : command.getCommandSpec().args()) {
        if (spec.arity().max() > 0 && !spec.hidden()) {
          assertTrue(known.contains(spec.paramLabel()), spec.paramLabel());
        }
      }
    }
  }

  @Test
  void aShellThatIsNotKnownIsOneLine() {
    Harness harness = new Harness();
    assertEquals(2, harness.run("completion", "tcsh"));
    assertEquals(1, harness.console.stderr().lines().count());
    assertTrue(
        harness.console.stderr().contains("'tcsh' is none of bash, zsh, fish"),
        harness.console.stderr());
  }
}
