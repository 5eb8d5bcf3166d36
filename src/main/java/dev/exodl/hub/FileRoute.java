package dev.exodl.hub;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How one file's bytes are reached, found by one thread for all: the first one asks home while the
 * others wait for what it finds, a failure included.
 */
final class FileRoute {
  /** Where to ask for ranges. */
  sealed interface Way {
    /** Home itself serves the bytes. */
    record Home() implements Way {}

    /**
     * A signed address on a foreign host.
     *
     * @param staleAt {@link System#nanoTime()} from when on a new one is asked for unasked
     * @param expires whether {@code staleAt} means anything
     */
    record Signed(URI address, boolean expires, long staleAt) implements Way {
      boolean isStale(long now) {
        return expires && now - staleAt >= 0;
      }
    }
  }

  private @Nullable Way known;
  private @Nullable CompletableFuture<Way> search;

  /**
   * The way, as soon as it is known.
   *
   * @return null when the calling thread has to look for it and then to call {@link #found} or
   *     {@link #failed}
   * @throws SourceException what the thread that looked for it met
   */
  @Nullable Way await(long now) throws SourceException {
    CompletableFuture<Way> running;
    synchronized (this) {
      if (known instanceof Way.Signed signed && signed.isStale(now)) {
        known = null;
      }
      if (known != null) {
        return known;
      }
      if (search == null) {
        search = new CompletableFuture<>();
        return null;
      }
      running = search;
    }
    try {
      return running.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(new Trouble.Broken("interrupted while waiting for the hub"), e);
    } catch (ExecutionException e) {
      Trouble trouble =
          e.getCause() instanceof SourceException source
              ? source.trouble()
              : new Trouble.Broken("the search for the file's address ended: " + e.getCause());
      throw new SourceException(trouble, e);
    }
  }

  void found(Way way) {
    CompletableFuture<Way> waiting;
    synchronized (this) {
      known = way;
      waiting = search;
      search = null;
    }
    if (waiting != null) {
      waiting.complete(way);
    }
  }

  void failed(Throwable why) {
    CompletableFuture<Way> waiting;
    synchronized (this) {
      waiting = search;
      search = null;
    }
    if (waiting != null) {
      waiting.completeExceptionally(why);
    }
  }

  /** This way does not lead there any more. Another one that was found since stays. */
  synchronized void forget(Way way) {
    if (way.equals(known)) {
      known = null;
    }
  }
}
