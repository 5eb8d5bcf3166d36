package dev.exodl.download;

/** What a sync of only some layers leaves here. */
public enum ShardForm {
  /** Every whole weight file that holds a needed tensor. */
  FILES
}
