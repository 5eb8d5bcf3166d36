package dev.exodl.cli.show;

/** Where a display writes: stderr, or a fake of it. */
public interface Screen {
  /**
   * Writes text as it is and flushes it. Errors of the stream are ignored: nobody is reading any
   * more.
   */
  void write(String text);

  /** Width in columns; at least 1. */
  int columns();

  /** Height in lines; at least 1. */
  int rows();

  /** Whether it takes colours. */
  boolean color();

  /** Whether it shows more than ASCII. */
  boolean unicode();
}
