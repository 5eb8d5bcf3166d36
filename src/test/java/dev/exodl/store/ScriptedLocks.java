package dev.exodl.store;

/** Locks that are missing, or that exclude nobody. */
enum ScriptedLocks implements LockService {
  /** As on Lustre without flock. */
  MISSING {
    @Override
    public Attempt tryLock(java.nio.file.Path file, long position) {
      return new Attempt.Unsupported();
    }
  },
  /** As on some network file systems: each process thinks that it is alone. */
  LYING {
    @Override
    public Attempt tryLock(java.nio.file.Path file, long position) {
      return new Lie();
    }
  };

  private record Lie() implements LockService.Attempt.Got {
    @Override
    public void release() {
      // There is nothing.
    }
  }
}
