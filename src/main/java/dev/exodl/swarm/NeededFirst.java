package dev.exodl.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.plan.swarm.SwarmBlobs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Bytes that a node needs before the rest of a snapshot.
 *
 * @param sets each comes before the next
 */
public record NeededFirst(List<Map<BlobId, List<ByteRange>>> sets) {
  /** Nothing comes before the rest. */
  public static final NeededFirst NOTHING = new NeededFirst(List.of());

  public NeededFirst {
    sets = List.copyOf(sets);
  }

  /** The places of the chunks that these bytes are in; of what the swarm does not have, none. */
  List<BitSet> places(SwarmBlobs blobs) {
    List<BitSet> all = new ArrayList<>();
    for (Map<BlobId, List<ByteRange>> set : sets) {
      BitSet places = new BitSet();
      set.forEach(
          (blob, ranges) ->
              blobs
                  .number(blob)
                  .ifPresent(
                      number ->
                          ranges.stream()
                              .filter(r -> r.length() > 0)
                              .flatMapToInt(r -> blobs.places(number, r.offset(), r.end()))
                              .forEach(places::set)));
      all.add(places);
    }
    return all;
  }
}
