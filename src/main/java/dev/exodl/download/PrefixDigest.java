package dev.exodl.download;

import dev.exodl.model.Chunk;
import dev.exodl.store.PartFile;
import dev.exodl.verify.BlobDigest;
import java.util.BitSet;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Digests a part's bytes in their order, following the chunks as they become whole. What arrived a
 * moment ago is read back from memory, so that the digest is done when the last chunk is, without a
 * second read from the disk.
 */
final class PrefixDigest {
  private static final int BUFFER = 256 << 10;

  private final PartFile part;
  private final BlobDigest digest;
  private final Executor cpu;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final BitSet held;

  /** Of the one thread that follows; kept, since a new one for each chunk would fill the heap. */
  private final byte[] buffer;

  private int next;
  private boolean working;
  private boolean stopped;
  private @Nullable RuntimeException failure;

  PrefixDigest(PartFile part, Executor cpu) {
    this.part = part;
    this.cpu = cpu;
    this.digest = BlobDigest.of(part.blob(), part.grid().blobSize());
    this.held = part.have();
    this.buffer = new byte[(int) Math.min(BUFFER, part.grid().blobSize())];
  }

  /** Begins with what is held already. */
  void start() {
    lock.lock();
    try {
      schedule();
    } finally {
      lock.unlock();
    }
  }

  /** A chunk became whole. */
  void held(int chunk) {
    lock.lock();
    try {
      held.set(chunk);
      schedule();
    } finally {
      lock.unlock();
    }
  }

  private void schedule() {
    if (!working && !stopped && held.get(next)) {
      working = true;
      cpu.execute(this::follow);
    }
  }

  private void follow() {
    RuntimeException thrown = null;
    try {
      for (int chunk = begin(); chunk >= 0; chunk = begin()) {
        add(part.grid().chunk(chunk));
      }
    } catch (RuntimeException e) {
      thrown = e;
    } catch (Error e) {
      // Out of memory, for example: whoever waits has to hear of it.
      thrown = new IllegalStateException("digesting " + part.blob().hex() + " ended: " + e, e);
    }
    lock.lock();
    try {
      working = false;
      stopped |= thrown != null;
      failure = thrown;
      schedule();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next chunk to digest, or -1 when it is not here yet. */
  private int begin() {
    lock.lock();
    try {
      return held.get(next) && !stopped ? next++ : -1;
    } finally {
      lock.unlock();
    }
  }

  private void add(Chunk chunk) {
    long at = chunk.offset();
    while (at < chunk.end()) {
      int wanted = (int) Math.min(buffer.length, chunk.end() - at);
      int got = part.read(at, buffer, 0, wanted);
      if (got <= 0) {
        throw new IllegalStateException("a held chunk ends early: " + chunk);
      }
      digest.update(buffer, 0, got);
      at += got;
    }
  }

  /** Waits for the rest and tells whether the content is the blob's. All chunks have to be held. */
  boolean matches() {
    lock.lock();
    try {
      while (working || (next < part.grid().count() && !stopped)) {
        changed.awaitUninterruptibly();
      }
      if (failure != null) {
        throw failure;
      }
      return !stopped && digest.matches();
    } finally {
      lock.unlock();
    }
  }

  /** Stops reading the part, and returns when nobody reads it any more. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      while (working) {
        changed.awaitUninterruptibly();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
