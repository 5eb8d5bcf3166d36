package dev.exodl.model;

import java.util.regex.Pattern;

/** What was asked for: a branch, a tag, a full commit, or a ref such as {@code refs/pr/3}. */
public record Revision(String name) {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  public static final Revision MAIN = new Revision("main");

  /**
   * Checks the name: it becomes a file name under {@code refs/}.
   *
   * @throws FailureException usage failure for an empty name, {@code ..}, a leading slash, control
   *     characters
   */
  public Revision {
    boolean bad =
        name.isBlank() || name.startsWith("/") || name.endsWith("/") || name.length() > 250;
    for (String part : name.split("/", -1)) {
      bad |= part.isEmpty() || part.equals(".") || part.equals("..");
    }
    bad |= name.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\' || c == ' ');
    if (bad) {
      throw new FailureException(
          new Failure.Usage(
              "'" + Printable.of(name) + "' is not a revision",
              "the revision",
              "give a branch, a tag, a 40-digit commit or a ref such as refs/pr/3"));
    }
  }

  /** Whether this already is a full commit, so that nothing needs to be resolved. */
  public boolean isCommit() {
    return COMMIT.matcher(name).matches();
  }

  @Override
  public String toString() {
    return name;
  }
}
