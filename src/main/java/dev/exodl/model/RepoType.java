package dev.exodl.model;

/**
 * The kinds of repo that the hub keeps, with the words it uses for each in addresses and in the
 * cache.
 */
public enum RepoType {
  MODEL("models", ""),
  DATASET("datasets", "datasets/"),
  SPACE("spaces", "spaces/");

  private final String plural;
  private final String urlPrefix;

  RepoType(String plural, String urlPrefix) {
    this.plural = plural;
    this.urlPrefix = urlPrefix;
  }

  /**
   * The word in API paths and cache folder names: {@code models}, {@code datasets}, {@code spaces}.
   */
  public String plural() {
    return plural;
  }

  /**
   * What stands before the repo's id in a file's address: nothing for models, {@code datasets/},
   * {@code spaces/}.
   */
  public String urlPrefix() {
    return urlPrefix;
  }

  /** The singular word, as {@code --repo-type} takes it. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
