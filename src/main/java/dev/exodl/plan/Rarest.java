package dev.exodl.plan;

import dev.exodl.plan.swarm.ChunkBits;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which chunk to take from a peer: one that fewest nodes hold; of those, one that fewest others
 * take before this node; of those the first, so that files become whole one after the other, can be
 * digested meanwhile, and who has them reads on. Looks at some of the chunks only when there are
 * very many, from another place on each time; then many are as rare as each other.
 *
 * <p>Were all to take a chunk at once from the one node that has it, they would have it late and
 * all at the same time, and its line would carry it many times. So as many nodes take it as hold
 * it, in the order of a hash of node and chunk; the others take what else there is, and that chunk
 * when more hold it. Who has nothing else to take waits a little, the longer the more come before
 * it, and takes the last one of those that the others come to in their order.
 */
final class Rarest {
  /** So many that this node takes before others are compared. */
  private static final int COMPARED = 128;

  /** So many are looked at for that; of few words all, if there is none before. */
  private static final int LOOKED_AT = 512;

  /**
   * Of so few words of chunks the first ones are looked at first, and all if need be: as many as
   * most models are cut into, with some files that end in a short one.
   */
  private static final int FEW_WORDS = 72;

  /** Who has nothing else to take comes before as many more in this time. */
  private static final double MORE_MILLIS = 100;

  /**
   * Of so few nodes all take a chunk at once that no node holds that has all: the sooner there is a
   * second copy. Who has all keeps it, and its line is what there is too little of.
   */
  private static final int FEW = 8;

  private final HaveMaps maps;
  private final ChunkBits hubOnly;
  private final Peers peers;
  private final Together together;
  private final RandomGenerator random;
  private boolean hubGives = true;

  // Whether somebody who has all is needed for what nobody else has: of small files and of large
  // ones, as far as each was looked at.
  private boolean scarceSmall;
  private boolean scarceLarge;

  private boolean idle;
  private long idleSince;

  Rarest(HaveMaps maps, ChunkBits hubOnly, Peers peers, Together together, RandomGenerator random) {
    this.maps = maps;
    this.hubOnly = hubOnly;
    this.peers = peers;
    this.together = together;
    this.random = random;
  }

  /** Whether what is to come from the hub only is not taken from peers now. */
  void hubGives(boolean does) {
    hubGives = does;
  }

  /** Whether the chunk need not come from the hub. */
  boolean mayPull(int place) {
    return !hubGives || !hubOnly.get(place);
  }

  /**
   * The place of a chunk of an open file, or -1.
   *
   * @param first only these, that come before all others; null for any
   * @param smallTurn whether small files come before large ones
   */
  int free(
      FreeChunks now,
      ChunkBits held,
      @Nullable ChunkBits first,
      boolean smallTurn,
      long nowMillis) {
    if (first != null) {
      return either(now, held, first, smallTurn, nowMillis);
    }
    // Of the last look, so that who is asked follows from the same as what is asked for.
    boolean spares = scarceSmall || scarceLarge;
    peers.spare(spares);
    int place = either(now, held, null, smallTurn, nowMillis);
    if (place < 0 && spares && !scarceSmall && !scarceLarge) {
      // There was nothing to spare anybody for.
      peers.spare(false);
      place = either(now, held, null, smallTurn, nowMillis);
    }
    return place;
  }

  private int either(
      FreeChunks now,
      ChunkBits held,
      @Nullable ChunkBits first,
      boolean smallTurn,
      long nowMillis) {
    int place = find(now, now.free, held, first, smallTurn, nowMillis);
    return place < 0 && now.hasSmall()
        ? find(now, now.free, held, first, !smallTurn, nowMillis)
        : place;
  }

  /**
   * The place of a chunk of a small file or of a large one, or -1.
   *
   * @param of the chunks in question, open ones or closed ones
   * @param held chunks that are to be had from somebody
   * @param first only these, that come before all others; null for any
   */
  int find(
      FreeChunks chunks,
      ChunkBits of,
      ChunkBits held,
      @Nullable ChunkBits first,
      boolean small,
      long nowMillis) {
    int words = held.words();
    int best = -1;
    int bestHolders = Integer.MAX_VALUE;
    double bestTurn = Double.MAX_VALUE;
    int early = -1;
    double earliest = Double.MAX_VALUE;
    int compared = 0;
    int lookedAt = 0;
    boolean scarce = false;
    boolean few = words <= FEW_WORDS;
    int i = few ? 0 : random.nextInt(words);
    for (int n = 0; n < words && compared < COMPARED; n++) {
      // Who is near others looks at fewer: what it looked at it may take from afar some time later.
      if (lookedAt >= LOOKED_AT && !(few && best < 0 && together.alone())) {
        break;
      }
      long places = of.word(i) & held.word(i) & ~chunks.sequential.word(i);
      places &= hubGives ? ~hubOnly.word(i) : -1L;
      places &= first == null ? -1L : first.word(i);
      if (chunks.hasSmall()) {
        places &= small ? chunks.small.word(i) : ~chunks.small.word(i);
      }
      for (; places != 0; places &= places - 1) {
        int place = (i << 6) + Long.numberOfTrailingZeros(places);
        lookedAt++;
        int holders = maps.count(place);
        scarce |= holders == 1;
        if (holders > bestHolders || !toBeHad(place, nowMillis)) {
          continue;
        }
        double turn = together.turn(place, holders);
        if (turn >= 1 && takesTurns(place)) {
          early = turn <= earliest ? place : early;
          earliest = Math.min(turn, earliest);
          continue;
        }
        compared++;
        if (holders < bestHolders || turn < bestTurn) {
          bestHolders = holders;
          bestTurn = turn;
          best = place;
        }
      }
      i = i + 1 == words ? 0 : i + 1;
    }
    if (first != null) {
      // If there is none, others are looked at next: it follows from all of them who waits.
      idle &= best < 0;
      return best;
    }
    if (of == chunks.free) {
      scarceSmall = small ? scarce : scarceSmall;
      scarceLarge = small ? scarceLarge : scarce;
    }
    if (best >= 0) {
      idle = false;
      return best;
    }
    if (!idle) {
      idle = true;
      idleSince = nowMillis;
    }
    return earliest < 1 + (nowMillis - idleSince) / MORE_MILLIS ? early : -1;
  }

  /** Whether this node takes the chunk together with another one that it asks for. */
  boolean isTurn(int place) {
    return together.turn(place, maps.count(place)) < 1 || !takesTurns(place);
  }

  private boolean takesTurns(int place) {
    return maps.size() > FEW || peers.hasOneWithAll(place);
  }

  /** Whether somebody can be asked for this chunk now. */
  boolean toBeHad(int place, long nowMillis) {
    if (!peers.usableWithin(place, Nearness.FAR)) {
      return false;
    }
    if (together.alone()) {
      return true;
    }
    Nearness farthest = together.farthest(peers, place, nowMillis);
    return farthest != null && peers.usableWithin(place, farthest);
  }

  /** Whether it may be taken from somebody as far as that. */
  boolean mayTake(int place, Nearness from, long nowMillis) {
    if (together.alone()) {
      return true;
    }
    Nearness farthest = together.farthest(peers, place, nowMillis);
    return farthest != null && from.compareTo(farthest) <= 0;
  }

  /** Whom to ask for it. */
  Peers.@Nullable Peer source(int place, long nowMillis) {
    Nearness farthest = together.farthest(peers, place, nowMillis);
    return farthest == null ? null : peers.source(place, farthest);
  }
}
