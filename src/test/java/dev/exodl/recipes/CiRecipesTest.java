package dev.exodl.recipes;

import static dev.exodl.recipes.Shape.NOTHING;
import static dev.exodl.recipes.Shape.NUMBER;
import static dev.exodl.recipes.Shape.TEXT;
import static dev.exodl.recipes.Shape.TEXTS;
import static dev.exodl.recipes.Shape.TRUTH;
import static dev.exodl.recipes.Shape.either;
import static dev.exodl.recipes.Shape.keys;
import static dev.exodl.recipes.Shape.like;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The CI jobs of docs/recipes/image, against the keys that GitHub and GitLab document.
 * src/recipes/try has their own parser and schema read them.
 */
class CiRecipesTest {
  private static final Shape VALUES = new Shape.Named(either(TRUTH, NUMBER, TEXT));

  private static final Shape STEP =
      keys()
          .with("id if name uses run shell working-directory", TEXT)
          .with("with env", VALUES)
          .with("continue-on-error", TRUTH)
          .with("timeout-minutes", NUMBER);

  private static final Shape WORKFLOW =
      keys()
          .with("name run-name", TEXT)
          // YAML 1.1 reads the key `on` as true.
          .with(
              "true",
              keys()
                  .with("push", keys().with("branches tags paths paths-ignore", TEXTS))
                  .with("workflow_dispatch", NOTHING))
          .with("permissions", new Shape.Named(like("read|write|none")))
          .with("env", VALUES)
          .with("concurrency", keys().with("group", TEXT).with("cancel-in-progress", TRUTH))
          .with(
              "jobs",
              new Shape.Named(
                  keys()
                      .with("name runs-on if needs", TEXT)
                      .with("timeout-minutes", NUMBER)
                      .with("env outputs", VALUES)
                      .with("steps", new Shape.Each(STEP))));

  /** What the actions take, by their action.yml. */
  private static final Map<String, List<String>> INPUTS =
      Map.of(
          "actions/checkout@v4", List.of("ref", "lfs", "fetch-depth"),
          "actions/cache@v4", List.of("path", "key", "restore-keys", "fail-on-cache-miss"),
          "docker/setup-buildx-action@v3", List.of("driver", "driver-opts"),
          "docker/login-action@v3", List.of("registry", "username", "password"),
          "docker/build-push-action@v6",
              List.of(
                  "context",
                  "file",
                  "build-contexts",
                  "build-args",
                  "secrets",
                  "push",
                  "tags",
                  "target"));

  @Test
  void gitHubKnowsEveryKey() throws Exception {
    Map<?, ?> workflow = YamlFile.read(Recipes.FOLDER.resolve("image/github-workflow.yml")).only();
    assertEquals(List.of(), Shape.wrong(WORKFLOW, workflow, "workflow"));
    Map<?, ?> job = YamlFile.map(YamlFile.map(workflow.get("jobs")).get("image"));
    int actions = 0;
    for (Object step : YamlFile.list(job.get("steps"))) {
      Map<?, ?> map = YamlFile.map(step);
      assertTrue(map.containsKey("run") != map.containsKey("uses"), "one of both: " + map);
      if (map.get("uses") instanceof String uses) {
        assertTrue(INPUTS.containsKey(uses), uses);
        if (map.get("with") instanceof Map<?, ?> with) {
          assertTrue(INPUTS.get(uses).containsAll(with.keySet()), uses + " with " + with.keySet());
        }
        actions++;
      }
    }
    assertEquals(5, actions);
    String wrong = Recipes.text("image/github-workflow.yml").replace("runs-on:", "run-on:");
    assertEquals(
        List.of("workflow.jobs.image: unknown key run-on"),
        Shape.wrong(WORKFLOW, YamlFile.parse(wrong).only(), "workflow"));
  }

  private static final Shape CACHE =
      keys()
          .with("key", either(keys().with("files", TEXTS).with("prefix", TEXT), TEXT))
          .with("paths fallback_keys", TEXTS)
          .with("policy", like("pull|push|pull-push"))
          .with("when", like("on_success|on_failure|always"));

  private static final Shape JOB =
      keys()
          .with("stage image resource_group timeout", TEXT)
          .with("services script before_script after_script tags needs", TEXTS)
          .with("variables", VALUES)
          .with("cache", CACHE)
          .with("artifacts", keys().with("paths", TEXTS).with("expire_in name when", TEXT))
          .with(
              "retry",
              keys()
                  .with("max", NUMBER)
                  .with("when", TEXTS)
                  .with("exit_codes", new Shape.Each(NUMBER)));

  private static final Shape PIPELINE =
      keys()
          .with("stages", TEXTS)
          .with(
              "workflow",
              keys()
                  .with("name", TEXT)
                  .with(
                      "rules",
                      new Shape.Each(keys().with("if when", TEXT).with("changes exists", TEXTS))))
          .with("variables", VALUES)
          // A job may not be called as a keyword is: image, for one.
          .with("models build", JOB);

  @Test
  void gitLabKnowsEveryKey() throws Exception {
    Map<?, ?> pipeline = YamlFile.read(Recipes.FOLDER.resolve("image/gitlab-ci.yml")).only();
    assertEquals(List.of(), Shape.wrong(PIPELINE, pipeline, "pipeline"));
    for (String job : List.of("models", "build")) {
      Object stage = YamlFile.map(pipeline.get(job)).get("stage");
      assertTrue(YamlFile.list(pipeline.get("stages")).contains(stage), job);
    }
    String wrong = Recipes.text("image/gitlab-ci.yml").replace("policy: pull", "policy: pul");
    assertEquals(
        List.of("pipeline.build.cache.policy: pul is not pull|push|pull-push"),
        Shape.wrong(PIPELINE, YamlFile.parse(wrong).only(), "pipeline"));
  }

  /** Both give the build what it asks for, by the names that it has for it. */
  @Test
  void bothBuildTheDockerfileThatIsThere() throws Exception {
    Dockerfile dockerfile = Dockerfile.parse(Recipes.text("image/Dockerfile"));
    TreeSet<String> names = new TreeSet<>();
    dockerfile.all("ARG").forEach(a -> names.add(a.rest().replaceAll("=.*", "")));
    assertEquals("[ARCHIVE, ARCHIVE_SHA256, BASE, ENGINE]", names.toString());
    for (String name : List.of("image/github-workflow.yml", "image/gitlab-ci.yml")) {
      String text = Recipes.text(name);
      assertTrue(text.contains("earlier=.cache/hub"), name);
      assertTrue(text.matches("(?s).*build-args?:? ARCHIVE_SHA256=.*"), name);
      assertTrue(text.contains("hf_token"), name);
      // Where the Dockerfile looks for the archive, unless told otherwise.
      assertTrue(text.contains("--output exo-dl-linux-x86_64.tar.gz "), name);
      assertTrue(text.contains("sha256sum --check -"), name);
    }
  }
}
