package dev.exodl.fetch;

import dev.exodl.plan.Origin;
import dev.exodl.plan.PlanState;
import dev.exodl.plan.Step;

/**
 * Where a fetch gets its chunks and who decides what comes next. Called by many threads, {@link
 * #next} with the fetch's lock held: none of it may block or call the fetch.
 */
public interface Exchange {
  /** What to fetch next, and from where. */
  Step next(PlanState plan, int connections, long runBytes);

  ChunkSource source(Origin origin);

  /**
   * Whether the exchange itself bounds its streams, and takes from slow ones what others can give;
   * else the fetch tries how many of them help, and has others take over the end of slow ones.
   */
  boolean boundsStreams();

  /** Whether a chunk that came has the checksum it has to have. */
  boolean right(Origin origin, int file, int chunk, int crc32c);

  /**
   * A stream had a trouble.
   *
   * @return whether its run ends, so that the rest may come from elsewhere; else the retry policy
   *     decides
   */
  boolean gaveUp(Origin origin, Trouble trouble);

  /** All from one source, in the plan's own order. */
  static Exchange alone(ChunkSource source) {
    return new Exchange() {
      @Override
      public Step next(PlanState plan, int connections, long runBytes) {
        return plan.next(connections, runBytes);
      }

      @Override
      public ChunkSource source(Origin origin) {
        return source;
      }

      @Override
      public boolean boundsStreams() {
        return false;
      }

      @Override
      public boolean right(Origin origin, int file, int chunk, int crc32c) {
        return true;
      }

      @Override
      public boolean gaveUp(Origin origin, Trouble trouble) {
        return false;
      }
    };
  }
}
