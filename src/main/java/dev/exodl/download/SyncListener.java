package dev.exodl.download;

/** Takes events. Called from many threads, must return at once. */
@FunctionalInterface
public interface SyncListener {
  void on(SyncEvent event);
}
