package dev.exodl.plan.swarm;

/**
 * Chunks whose last known holder left. Perhaps others hold them who did not tell yet: they are not
 * leased before these had the time. Others that are lost meanwhile wait for the next time, so that
 * nobody who leaves puts off what was lost before. Not safe for several threads; time passed in.
 */
final class Orphans {
  private final HaveMaps maps;
  private final ChunkBits ripe;
  private final ChunkBits waiting;
  private int seen;
  private boolean waits;
  private long since;

  Orphans(HaveMaps maps, int places) {
    this.maps = maps;
    this.ripe = new ChunkBits(places);
    this.waiting = new ChunkBits(places);
    this.seen = maps.orphaned();
    copy(maps.orphans(), ripe);
  }

  /** Looks what was lost; it is waited for so long. */
  void at(long nowMillis, int millis) {
    if (waits && nowMillis - since >= millis) {
      copy(waiting, ripe);
      waits = false;
    }
    if (!waits && maps.orphaned() != seen) {
      seen = maps.orphaned();
      since = nowMillis;
      waits = true;
      copy(maps.orphans(), waiting);
    }
  }

  /** Of a word of chunks those that may not be leased yet. */
  long young(int word) {
    return maps.orphans().word(word) & ~ripe.word(word);
  }

  /** What was found again and lost anew is not ripe any more. */
  private void copy(ChunkBits from, ChunkBits to) {
    to.clear();
    for (int place = from.nextSet(0); place >= 0; place = from.nextSet(place + 1)) {
      to.set(place, maps.orphans().get(place));
    }
  }
}
