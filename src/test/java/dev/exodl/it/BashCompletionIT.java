package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Completion in an interactive bash; readline's {@code insert-completions} shows what it offers.
 */
class BashCompletionIT extends CompletionStage {
  private Typist typist;

  @Override
  String shell() {
    return "bash";
  }

  @Override
  void start() throws Exception {
    Path got = temp.resolve("got");
    Path rc =
        Files.writeString(
            temp.resolve("bashrc"),
            "PS1='ready> '\nsource <(exo-dl completion bash)\n" + Typist.function(got));
    typist =
        new Typist(
            command("script", "-qfec", "bash --noprofile --rcfile '" + rc + "' -i", "/dev/null"),
            got,
            "\u001b*");
  }

  @AfterEach
  void stop() {
    if (typist != null) {
      typist.close();
    }
  }

  @Override
  List<String> candidates(String line) throws Exception {
    return typist.candidates(line);
  }

  @Test
  void tabCompletesAsOneTypes() throws Exception {
    assertEquals(
        List.of("sync", "org/name", "--progress=json"),
        typist.typed("exo-dl sy\tor\t--prog\t\u0008=j\t\n"));
    assertEquals(List.of("verify", "gpt2@main"), typist.typed("exo-dl ver\tgpt2@m\t\n"));
  }

  @Test
  void whatTheUserChangedInTheShellDoesNotMatter() throws Exception {
    typist.typed("COMP_WORDBREAKS=' '; IFS=:; set -u; shopt -s failglob nocasematch; exo-dl\n");
    assertEquals(List.of("sync", "gpt2@main"), typist.typed("exo-dl sync gpt2@m\t\n"));
    assertEquals(List.of("demo", "--progress=bar"), typist.typed("exo-dl demo --progress=b\t\n"));
  }

  @Test
  void withoutTheProgramNothingIsSaid() throws Exception {
    typist.typed("PATH=/usr/bin:/bin; exo-dl\n");
    assertEquals(List.of("sync", "g"), typist.typed("exo-dl sync g\t\n"));
    assertFalse(typist.screen().contains("not found"), typist.screen());
  }
}
