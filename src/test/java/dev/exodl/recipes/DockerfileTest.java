package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Dockerfile of docs/recipes/image; src/recipes/try runs it. */
class DockerfileTest {
  private static Dockerfile dockerfile() throws Exception {
    return Dockerfile.parse(Recipes.text("image/Dockerfile"));
  }

  @Test
  void everyStageStandsOnOneThatIsThere() throws Exception {
    List<String> stages = new ArrayList<>();
    for (Dockerfile.Instruction from : dockerfile().all("FROM")) {
      String[] words = from.rest().strip().split(" AS ");
      assertTrue(
          words[0].matches("scratch|\\$\\{(BASE|ENGINE)}") || stages.contains(words[0]), words[0]);
      stages.add(words.length > 1 ? words[1] : "");
    }
    assertEquals(List.of("earlier", "program", "models", ""), stages);
    Matcher names = Pattern.compile("[ ,-]-?from=(\\w+)").matcher(Recipes.text("image/Dockerfile"));
    int found = 0;
    while (names.find()) {
      assertTrue(stages.contains(names.group(1)), names.group());
      found++;
    }
    assertEquals(2, found);
  }

  @Test
  void itHasOnlyInstructionsThatThereAre() throws Exception {
    Set<String> known = Set.of("ARG", "FROM", "COPY", "RUN", "WORKDIR", "ENV");
    for (Dockerfile.Instruction instruction : dockerfile().instructions()) {
      assertTrue(known.contains(instruction.name()), instruction.toString());
    }
    assertTrue(Recipes.text("image/Dockerfile").startsWith("# syntax=docker/dockerfile:1\n"));
  }

  /** The engine's image gets the models and nothing of what brought them there. */
  @Test
  void theResultHoldsTheModelsOnly() throws Exception {
    List<Dockerfile.Instruction> all = dockerfile().instructions();
    List<Dockerfile.Instruction> last =
        all.subList(all.indexOf(dockerfile().all("FROM").getLast()) + 1, all.size());
    assertEquals(
        List.of(
            new Dockerfile.Instruction("COPY", "--from=models /models/hub /models/hub"),
            new Dockerfile.Instruction("ENV", "HF_HUB_CACHE=/models/hub HF_HUB_OFFLINE=1")),
        last);
    String list = Recipes.text("image/models.yaml");
    Object models = YamlFile.parse(list).only().get("models");
    assertEquals("Qwen/Qwen3-0.6B", YamlFile.map(YamlFile.list(models).getFirst()).get("repo"));
  }
}
