package dev.exodl.store;

/** What came of bringing a {@link HostCopy} in. */
public sealed interface Brought {
  /** It is at the file's place, or where the file is linked to. */
  record Done(Link how) implements Brought {}

  /** It is not: the copy is not what it was, cannot be read, or there is no room for it. */
  record Not(String why) implements Brought {}
}
