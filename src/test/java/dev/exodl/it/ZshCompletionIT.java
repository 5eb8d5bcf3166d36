package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Completion in an interactive zsh; its completer {@code _all_matches} shows what it offers. */
class ZshCompletionIT extends CompletionStage {
  private static final String RC =
      """
      PS1='ready> '
      unsetopt prompt_sp
      fpath=(%1$s $fpath)
      autoload -Uz compinit
      compinit -u -d %1$s/dump
      zle -C all-matches complete-word _generic
      bindkey '^Xa' all-matches
      zstyle ':completion:all-matches:*' completer _all_matches _complete
      zstyle ':completion:all-matches:*' insert true
      """;

  private Typist typist;

  @Override
  String shell() {
    return "zsh";
  }

  @Override
  void start() throws Exception {
    Path got = temp.resolve("got");
    Path folder = Files.createDirectories(temp.resolve("zsh"));
    Files.writeString(folder.resolve("_exo-dl"), program.run("completion", "zsh").out());
    Files.writeString(
        folder.resolve(".zshrc"), RC.formatted("'" + folder + "'") + Typist.function(got));
    typist =
        new Typist(
            command("env", "ZDOTDIR=" + folder, "script", "-qfec", "zsh -d -i", "/dev/null"),
            got,
            "\u0018a");
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
        List.of("sync", "org/name@main", "--progress=json"),
        typist.typed("exo-dl sy\tor\t@ma\t--prog\tj\t\n"));
  }

  @Test
  void theScriptCanBeSourcedToo() throws Exception {
    typist.typed("unfunction _exo-dl; source <(command exo-dl completion zsh); exo-dl\n");
    assertEquals(List.of("verify", "gpt2"), typist.typed("exo-dl ver\tg\t\n"));
  }

  @Test
  void withoutTheProgramNothingIsSaid() throws Exception {
    typist.typed("PATH=/usr/bin:/bin; exo-dl\n");
    assertEquals(List.of("sync", "g"), typist.typed("exo-dl sync g\t\n"));
    assertFalse(typist.screen().contains("not found"), typist.screen());
  }
}
