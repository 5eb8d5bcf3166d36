package dev.exodl.cli.settings;

/** How files lie where a sync puts them. */
public enum Layout {
  /** The Hugging Face cache. */
  HF,
  /** A folder {@code org--name} of plain files among exo's models. */
  EXO,
  /** Plain files below a local dir. */
  DIR
}
