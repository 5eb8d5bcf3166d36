package dev.exodl.store;

import java.nio.file.Path;

/** Locks between processes, as far as the file system has them. */
interface LockService {
  /** What came of trying. */
  sealed interface Attempt {
    /** The lock is ours until {@link #release()}. */
    non-sealed interface Got extends Attempt {
      void release();
    }

    /** Another process, or another part of this one, has it. */
    record Taken() implements Attempt {}

    /** This file system has no locks. */
    record Unsupported() implements Attempt {}
  }

  /** Tries to lock one byte of the file, which is made when missing and stays; does not wait. */
  Attempt tryLock(Path file, long position);
}
