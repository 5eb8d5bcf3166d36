package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a shell reads in the recipes: scripts, and what is in YAML, units and the Dockerfile.
 */
class RecipeScriptsTest {
  private static final Path SHELLCHECK = Path.of("/usr/bin/shellcheck");

  @TempDir Path folder;

  @Test
  void bashAndShellcheckFindNothing() throws Exception {
    List<String> files = new ArrayList<>();
    for (Path recipe : Recipes.all()) {
      for (String script : Recipes.shellTexts(recipe)) {
        Path file = folder.resolve(files.size() + "-" + recipe.getFileName());
        Files.writeString(file, script);
        assertEquals("", Recipes.said("bash", "-n", file.toString()), recipe.toString());
        // A page's block is many commands of a person, not a script.
        if (!recipe.toString().endsWith(".md")) {
          files.add(file.toString());
        }
      }
    }
    assertTrue(files.size() >= 10, files.toString());
    if (!Files.isExecutable(SHELLCHECK)) {
      System.out.println("not tested here: this machine has no " + SHELLCHECK);
      return;
    }
    assertEquals("", shellcheck(files));
    Path wrong = Files.writeString(folder.resolve("wrong.sh"), "#!/bin/sh\nrm $1\n");
    assertTrue(shellcheck(List.of(wrong.toString())).contains("SC2086"));
  }

  private static String shellcheck(List<String> files) throws Exception {
    List<String> command = new ArrayList<>(List.of(SHELLCHECK.toString()));
    // SC1091: files that are not here. SC2016: variables of the shell that sh -c starts. SC2154:
    // set by GitHub, GitLab or systemd.
    command.addAll(List.of("--shell=bash", "--exclude=SC1091,SC2016,SC2154"));
    command.addAll(files);
    return Recipes.said(command.toArray(String[]::new));
  }

  @Test
  void startScriptsAreExecutable() throws Exception {
    for (String name : List.of("vllm.sh", "llama-cpp.sh", "exo.sh")) {
      Path file = Recipes.FOLDER.resolve("engines").resolve(name);
      assertTrue(Files.isExecutable(file), file.toString());
      assertTrue(Files.readString(file).contains("\nset -euo pipefail\n"), file.toString());
    }
  }
}
