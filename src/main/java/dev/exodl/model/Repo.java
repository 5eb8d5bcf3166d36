package dev.exodl.model;

import java.util.regex.Pattern;

/**
 * A repo on the hub. The id is {@code name} or {@code namespace/name}; rules as in huggingface_hub
 * {@code utils/_validators.py}.
 */
public record Repo(RepoType type, String id) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,96}");

  /**
   * Checks the id.
   *
   * @throws FailureException usage failure that names the id and the rule
   */
  public Repo {
    String[] names = id.split("/", -1);
    if (names.length > 2 || id.length() > 96 * 2 + 1) {
      throw bad(id, "it has to be NAME or ORG/NAME");
    }
    for (String name : names) {
      check(id, name);
    }
  }

  private static void check(String id, String name) {
    if (!NAME.matcher(name).matches()) {
      throw bad(id, "a name is 1 to 96 letters, digits, '.', '_' or '-'");
    }
    if (name.startsWith("-") || name.startsWith(".") || name.endsWith("-") || name.endsWith(".")) {
      throw bad(id, "a name neither starts nor ends with '-' or '.'");
    }
    if (name.contains("--") || name.contains("..") || name.endsWith(".git")) {
      throw bad(id, "a name has no '--', no '..' and no '.git' at its end");
    }
  }

  private static FailureException bad(String id, String rule) {
    return new FailureException(
        new Failure.Usage(
            "'" + Printable.of(id) + "' is not a repo id: " + rule,
            "the argument REPO",
            "give it as ORG/NAME, for example Qwen/Qwen3-0.6B"));
  }

  /** The repo's folder in a Hugging Face cache, for example {@code models--org--name}. */
  public String folderName() {
    return type.plural() + "--" + id.replace("/", "--");
  }

  @Override
  public String toString() {
    return type.urlPrefix() + id;
  }
}
