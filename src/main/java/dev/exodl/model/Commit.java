package dev.exodl.model;

/** A resolved revision: 40 hexadecimal digits in lower case. */
public record Commit(String hex) {
  public Commit {
    if (!Hex.is(hex, 40)) {
      throw new IllegalArgumentException("not a commit: " + Printable.of(hex));
    }
  }

  /** The first eight digits, for people. */
  public String brief() {
    return hex.substring(0, 8);
  }

  @Override
  public String toString() {
    return hex;
  }
}
