package dev.exodl.plan;

import dev.exodl.plan.swarm.ChunkBits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which file is opened next: of large ones, not all of thousands are open at a time, as each takes
 * some of the files that a process may have open; of small ones a few before their turn.
 */
final class Openings {
  /** Small files that are opened before their turn: each is an open file. */
  private static final int AHEAD = 8;

  /** Large files that are open at a time, in the order of the plan. */
  private static final int LARGE = 64;

  /** With those that others have some of. */
  private static final int LARGE_HELD = 96;

  /** With those that this node is to fetch from the hub. */
  private static final int LARGE_LEASED = 128;

  private final int[] blobOfFile;
  private final ChunkBits leased;
  private final ChunkBits hubOnly;
  private final Rarest rarest;
  private final List<FilePlan> large = new ArrayList<>();
  private int opened;

  Openings(int[] blobOfFile, ChunkBits leased, ChunkBits hubOnly, Rarest rarest) {
    this.blobOfFile = blobOfFile;
    this.leased = leased;
    this.hubOnly = hubOnly;
    this.rarest = rarest;
  }

  /**
   * A large file that is opened whatever else there is to do: one that this node is to fetch some
   * of from the hub, wherever in the plan it is; else the next one, so that it is known early what
   * is held of it from before.
   */
  Step.@Nullable Open large(PlanState plan, FreeChunks now) {
    if (opened == blobOfFile.length) {
      return null;
    }
    large.removeIf(file -> file.stage == FilePlan.Stage.GONE);
    FilePlan toFetch = now.hasLargeClosed() ? toFetch(now) : null;
    if (toFetch != null) {
      return open(toFetch);
    }
    for (; opened < blobOfFile.length && large.size() < LARGE; opened++) {
      FilePlan file = plan.file(opened);
      if (file.stage == FilePlan.Stage.CLOSED && (!file.small || blobOfFile[opened] < 0)) {
        return open(file);
      }
    }
    return null;
  }

  private @Nullable FilePlan toFetch(FreeChunks now) {
    for (int i = 0; i < leased.words() && large.size() < LARGE_LEASED; i++) {
      long places = now.closed.word(i) & ~now.small.word(i) & (leased.word(i) | hubOnly.word(i));
      if (places != 0) {
        return now.fileAt((i << 6) + Long.numberOfTrailingZeros(places));
      }
    }
    return null;
  }

  private Step.Open open(FilePlan file) {
    if (!large.contains(file)) {
      large.add(file);
    }
    return new Step.Open(file.number);
  }

  /**
   * A large file that others have the rarest of what is to be had now, for when nothing is to be
   * had of those that are open: they may be the last ones to be fetched from the hub.
   *
   * @param held what can be taken from other nodes
   */
  Step.@Nullable Open held(FreeChunks now, ChunkBits held, long nowMillis) {
    long opening = large.stream().filter(f -> f.stage == FilePlan.Stage.OPENING).count();
    if (!now.hasLargeClosed() || large.size() >= LARGE_HELD || opening >= AHEAD) {
      return null;
    }
    int place = rarest.find(now, now.closed, held, null, false, nowMillis);
    return place < 0 ? null : open(now.fileAt(place));
  }

  /** Whether so many small files are open that others can wait while there is something to do. */
  static boolean isAhead(FreeChunks now) {
    return now.hasSmall() && now.ahead() >= AHEAD;
  }

  /**
   * A small file that is to be had now.
   *
   * @param first sets of chunks that come before all others
   */
  Step.@Nullable Open small(FreeChunks now, ChunkBits held, List<ChunkBits> first, long nowMillis) {
    if (!now.hasSmall()) {
      return null;
    }
    for (ChunkBits set : first) {
      Step.Open before = smallOf(now, held, set, nowMillis);
      if (before != null) {
        return before;
      }
    }
    return smallOf(now, held, null, nowMillis);
  }

  private Step.@Nullable Open smallOf(
      FreeChunks now, ChunkBits held, @Nullable ChunkBits of, long nowMillis) {
    for (int i = 0; i < held.words(); i++) {
      long toFetch = leased.word(i) | hubOnly.word(i);
      long places = now.closed.word(i) & now.small.word(i) & (toFetch | held.word(i));
      places &= of == null ? -1L : of.word(i);
      for (; places != 0; places &= places - 1) {
        int bit = Long.numberOfTrailingZeros(places);
        int place = (i << 6) + bit;
        if ((toFetch & (1L << bit)) != 0 || rarest.toBeHad(place, nowMillis)) {
          return new Step.Open(now.fileAt(place).number);
        }
      }
    }
    return null;
  }
}
