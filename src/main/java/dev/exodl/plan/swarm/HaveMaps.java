package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which node of a swarm holds which chunks, and the chunks' checksums as they were first told. Not
 * safe for several threads.
 *
 * <p>Each node that told something has a <em>slot</em>, and each chunk has a row of one bit a slot:
 * who may give a chunk, and how many, is one look at one word as long as there are at most 64
 * nodes.
 */
public final class HaveMaps {
  private static final BitSet NONE = new BitSet(0);

  private final SwarmBlobs blobs;
  private final Map<NodeId, Integer> slots = new HashMap<>();
  private final List<@Nullable NodeId> names = new ArrayList<>();
  private final Set<NodeId> done = new HashSet<>();
  private final Checksums sums;
  private final ChunkBits anybody;

  /** Nodes that encrypt, their slots, and what they hold. */
  private final Set<NodeId> encrypting = new HashSet<>();

  private long[] encryptingSlots = new long[1];
  private final ChunkBits encrypted;
  private final ChunkBits orphans;

  /** Who told a wrong checksum. */
  private final Set<NodeId> wrongSums = new HashSet<>();

  /** Who takes nothing from whom, whatever that one holds. */
  private final Map<NodeId, Set<NodeId>> avoided = new HashMap<>();

  private int stride = 1;
  private long[] rows;
  private int version;
  private int orphaned;

  /** Nobody holds anything. */
  public HaveMaps(SwarmBlobs blobs) {
    this.blobs = blobs;
    this.sums = new Checksums(blobs.places());
    this.anybody = new ChunkBits(blobs.places());
    this.encrypted = new ChunkBits(blobs.places());
    this.orphans = new ChunkBits(blobs.places());
    this.rows = new long[blobs.places()];
  }

  /** Takes what a node says; what cannot be is left out. */
  public void told(NodeId node, SwarmMessage.Have have) {
    Integer known = slots.get(node);
    int slot = known == null ? newSlot(node) : known;
    BitSet before = have.all() ? erase(slot) : NONE;
    if (have.all()) {
      sums.forgetOf(node);
    }
    for (SwarmMessage.HeldChunks held : have.held()) {
      if (held.blob() >= 0 && held.blob() < blobs.count()) {
        put(node, slot, held);
      }
    }
    orphan(before);
    if (have.done() ? done.add(node) : !done.isEmpty() && done.remove(node)) {
      version++;
    }
  }

  private void put(NodeId node, int slot, SwarmMessage.HeldChunks held) {
    int count = blobs.grid(held.blob()).count();
    int first = blobs.place(held.blob()) + held.first();
    int end = count - held.first();
    BitSet bits = held.held();
    boolean encrypts = encrypting.contains(node);
    boolean sum = !held.crcs().isEmpty() && held.crcs().size() == bits.cardinality();
    int number = 0;
    for (int c = bits.nextSetBit(0); c >= 0 && c < end; c = bits.nextSetBit(c + 1)) {
      int place = first + c;
      rows[place * stride + (slot >> 6)] |= 1L << slot;
      anybody.set(place);
      if (encrypts) {
        encrypted.set(place);
      }
      orphans.clear(place);
      if (sum && !wrongSums.contains(node)) {
        sums.putIfAbsent(place, held.crcs().get(number++), node);
      }
    }
  }

  private int newSlot(NodeId node) {
    int slot = names.indexOf(null);
    if (slot < 0) {
      slot = names.size();
      names.add(null);
    }
    if (slot >= 64 * stride) {
      widen(2 * stride);
    }
    names.set(slot, node);
    slots.put(node, slot);
    markEncrypting(slot, encrypting.contains(node));
    version++;
    return slot;
  }

  private void widen(int wider) {
    long[] wide = new long[blobs.places() * wider];
    for (int place = 0; place < blobs.places(); place++) {
      System.arraycopy(rows, place * stride, wide, place * wider, stride);
    }
    rows = wide;
    encryptingSlots = Arrays.copyOf(encryptingSlots, wider);
    stride = wider;
    version++;
  }

  /** What this slot held is held by it no more. */
  private BitSet erase(int slot) {
    BitSet held = held(slot);
    for (int place = held.nextSetBit(0); place >= 0; place = held.nextSetBit(place + 1)) {
      rows[place * stride + (slot >> 6)] &= ~(1L << slot);
    }
    if ((encryptingSlots[slot >> 6] & (1L << slot)) != 0) {
      lookWhoEncrypts(held);
    }
    return held;
  }

  private BitSet held(int slot) {
    BitSet held = new BitSet();
    for (int i = slot >> 6, place = 0; i < rows.length; i += stride, place++) {
      if ((rows[i] & (1L << slot)) != 0) {
        held.set(place);
      }
    }
    return held;
  }

  /** Which of these a node holds that encrypts. */
  private void lookWhoEncrypts(BitSet places) {
    for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
      long holders = 0;
      for (int word = 0; word < stride; word++) {
        holders |= row(place, word) & encryptingSlots[word];
      }
      encrypted.set(place, holders != 0);
    }
  }

  private void markEncrypting(int slot, boolean does) {
    long bit = 1L << slot;
    long word = encryptingSlots[slot >> 6];
    encryptingSlots[slot >> 6] = does ? word | bit : word & ~bit;
  }

  /**
   * Whether a node encrypts: then it takes chunks only from others that do. None does that of which
   * it is not said.
   */
  public void encrypts(NodeId node, boolean does) {
    boolean changed = does ? encrypting.add(node) : encrypting.remove(node);
    int slot = slot(node);
    if (changed && slot >= 0) {
      markEncrypting(slot, does);
      lookWhoEncrypts(held(slot));
    }
  }

  public boolean encrypts(NodeId node) {
    return encrypting.contains(node);
  }

  /** From these nodes alone this one takes nothing. */
  public void avoids(NodeId node, Set<NodeId> others) {
    if (others.isEmpty()) {
      avoided.remove(node);
    } else {
      avoided.put(node, Set.copyOf(others));
    }
  }

  /** Whether a node does not take chunks from everybody. */
  public boolean isPicky(NodeId node) {
    return encrypts(node) || avoided.containsKey(node);
  }

  /** Which of these chunks nobody holds any more. */
  private void orphan(BitSet lost) {
    for (int place = lost.nextSetBit(0); place >= 0; place = lost.nextSetBit(place + 1)) {
      if (count(place) == 0) {
        anybody.clear(place);
        orphans.set(place);
        orphaned++;
      }
    }
  }

  /** A node left. */
  public void gone(NodeId node) {
    Integer slot = slots.remove(node);
    if (done.remove(node) || slot != null) {
      version++;
    }
    if (slot != null) {
      names.set(slot, null);
      orphan(erase(slot));
      markEncrypting(slot, false);
    }
  }

  /** Nothing that this node told counts, its checksums neither. */
  public void lied(NodeId node) {
    gone(node);
    sums.forgetOf(node);
  }

  /** This node told a wrong checksum: none that it tells counts. */
  public void sumsAreWrong(NodeId node) {
    wrongSums.add(node);
    sums.forgetOf(node);
  }

  public boolean holds(NodeId node, int blob, int chunk) {
    Integer slot = slots.get(node);
    return slot != null && holds(slot, blobs.place(blob, chunk));
  }

  /** The checksum of a chunk, if somebody told it. */
  public OptionalInt crc(int blob, int chunk) {
    return sums.get(blobs.place(blob, chunk));
  }

  /** Who told that checksum, to be blamed if it is wrong; nobody when it is not known any more. */
  public Optional<NodeId> teller(int blob, int chunk) {
    return sums.teller(blobs.place(blob, chunk));
  }

  /** What was told of this chunk's checksum is not to be believed. */
  public void forgetCrc(int blob, int chunk) {
    sums.forget(blobs.place(blob, chunk));
  }

  /** Nodes that said something about this swarm. */
  public Set<NodeId> nodes() {
    return Set.copyOf(slots.keySet());
  }

  /** How many they are. */
  public int size() {
    return slots.size();
  }

  /** Whether this node holds all that it wants. */
  public boolean done(NodeId node) {
    return done.contains(node);
  }

  /** Keeps only these nodes. */
  public void retain(Collection<NodeId> members) {
    Set<NodeId> kept = new HashSet<>(members);
    nodes().stream().filter(n -> !kept.contains(n)).forEach(this::gone);
    encrypting.retainAll(kept);
    avoided.keySet().retainAll(kept);
    wrongSums.retainAll(kept);
  }

  /** Where this node's bits are in each row, or -1. */
  public int slot(NodeId node) {
    return slots.getOrDefault(node, -1);
  }

  /** The node of a slot that has bits in a row. */
  NodeId node(int slot) {
    return Objects.requireNonNull(names.get(slot));
  }

  /** How many chunks there are. */
  public int places() {
    return blobs.places();
  }

  /** How many words a row has. */
  public int stride() {
    return stride;
  }

  /** A word of a chunk's row: the slots from 64 times {@code word} on. */
  public long row(int place, int word) {
    return rows[place * stride + word];
  }

  /** Whether the node holds all chunks that these bytes of a blob are in. */
  public boolean holds(int slot, int blob, long from, long to) {
    return blobs.places(blob, from, to).allMatch(place -> holds(slot, place));
  }

  public boolean holds(int slot, int place) {
    return (rows[place * stride + (slot >> 6)] & (1L << slot)) != 0;
  }

  /** How many nodes hold the chunk at this place. */
  public int count(int place) {
    if (stride == 1) {
      return Long.bitCount(rows[place]);
    }
    int count = 0;
    for (int i = place * stride; i < place * stride + stride; i++) {
      count += Long.bitCount(rows[i]);
    }
    return count;
  }

  /** Chunks that at least one node holds. */
  public ChunkBits anybody() {
    return anybody;
  }

  /** Chunks that a node can take from others, or holds itself. */
  public ChunkBits heldFor(boolean encrypts) {
    return encrypts ? encrypted : anybody;
  }

  /** Chunks that this node can take from others, as it takes them not from all. */
  public ChunkBits heldFor(NodeId node) {
    ChunkBits held = heldFor(encrypts(node));
    Set<NodeId> without = avoided.get(node);
    if (without == null) {
      return held;
    }
    long[] others = encrypts(node) ? encryptingSlots.clone() : new long[stride];
    if (!encrypts(node)) {
      Arrays.fill(others, -1L);
    }
    without.stream()
        .map(this::slot)
        .filter(slot -> slot >= 0)
        .forEach(slot -> others[slot >> 6] &= ~(1L << slot));
    ChunkBits left = new ChunkBits(blobs.places());
    for (int place = held.nextSet(0); place >= 0; place = held.nextSet(place + 1)) {
      long holders = 0;
      for (int word = 0; word < stride; word++) {
        holders |= row(place, word) & others[word];
      }
      left.set(place, holders != 0);
    }
    return left;
  }

  /** Chunks that somebody held who left; perhaps others hold them and did not tell yet. */
  public ChunkBits orphans() {
    return orphans;
  }

  /** Grows each time a chunk becomes an orphan. */
  public int orphaned() {
    return orphaned;
  }

  /** Another one when a slot has another node, or a node is done that was not. */
  public int version() {
    return version;
  }
}
