package dev.exodl.download;

/** What a sync of only some layers leaves here. */
public enum ShardForm {
  /** Every whole weight file that holds a needed tensor. */
  FILES,

  /**
   * Of each such file its header and the needed tensors, in a file of the same length with holes.
   */
  RANGES,

  /** For each such file a new one of only the needed tensors, and an index of these. */
  REPACK
}
