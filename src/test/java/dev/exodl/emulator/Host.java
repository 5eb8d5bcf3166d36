package dev.exodl.emulator;

/** The emulator's listeners; each has a port, so an origin, of its own. */
public enum Host {
  HUB,
  CDN,
  FOREIGN
}
