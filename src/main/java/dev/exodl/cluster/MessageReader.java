package dev.exodl.cluster;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one message that {@link MessageWriter} wrote, or that somebody made up. */
final class MessageReader {
  private static final int LONGEST_TEXT = 16_384;

  /** A snapshot has about 16,000 chunks at most. */
  private static final int LONGEST_BITS = 1 << 17;

  /** Leases are of small files at most, a run each: nobody has so many. */
  static final int MOST_RUNS = 1 << 14;

  private final DataInputStream in;

  /** Reads one element of a list. */
  private interface Element<T> {
    T read() throws IOException;
  }

  MessageReader(byte[] bytes, int offset, int length) {
    this.in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
  }

  MessageCodec.Read message() throws IOException {
    int version = in.readUnsignedByte();
    if (version != MessageCodec.VERSION) {
      return new MessageCodec.Read.Bad(
          "it is of version " + version + ", this program speaks " + MessageCodec.VERSION);
    }
    int kind = in.readUnsignedByte();
    SwarmMessage message = ofKind(kind);
    if (message == null) {
      return new MessageCodec.Read.Bad(
          "it is of kind " + kind + ", which this program does not know");
    }
    if (in.available() > 0) {
      return new MessageCodec.Read.Bad("it goes on after its end");
    }
    return new MessageCodec.Read.Good(message);
  }

  private @Nullable SwarmMessage ofKind(int kind) throws IOException {
    return switch (kind) {
      case MessageCodec.CARD -> card();
      case MessageCodec.ASK_LISTING ->
          new SwarmMessage.AskListing(repo(), revision(), in.readBoolean());
      case MessageCodec.LISTED ->
          new SwarmMessage.Listed(
              repo(), revision(), commit(), in.readBoolean(), list(14, this::entry));
      case MessageCodec.NOT_LISTED -> new SwarmMessage.NotListed(repo(), revision(), failure());
      case MessageCodec.HAVE ->
          new SwarmMessage.Have(swarm(), in.readBoolean(), list(16, this::held), in.readBoolean());
      case MessageCodec.ASK_LEASE ->
          new SwarmMessage.AskLease(
              swarm(),
              bits(),
              runs(),
              notNegative(in.readInt()),
              notNegative(in.readInt()),
              notNegative(in.readLong()),
              in.readBoolean(),
              strategy(),
              bits());
      case MessageCodec.LEASE ->
          new SwarmMessage.Lease(
              swarm(),
              notNegative(in.readInt()),
              runs(),
              notNegative(in.readInt()),
              notNegative(in.readLong()),
              in.readBoolean());
      case MessageCodec.REVOKE -> new SwarmMessage.Revoke(swarm(), runs(), in.readBoolean());
      case MessageCodec.ASK_HOLDERS -> new SwarmMessage.AskHolders(swarm(), bits());
      case MessageCodec.MEET -> new SwarmMessage.Meet(swarm(), list(16, this::node));
      case MessageCodec.ALL_TOLD -> new SwarmMessage.AllTold(notNegative(in.readLong()));
      case MessageCodec.ASK_SHARE ->
          new SwarmMessage.AskShare(swarm(), splitBy(), in.readLong(), in.readInt());
      case MessageCodec.DEALT -> new SwarmMessage.Dealt(swarm(), splitBy(), takers());
      case MessageCodec.SHUN -> new SwarmMessage.Shun(node(), text());
      case MessageCodec.THROTTLED -> new SwarmMessage.Throttled(notNegative(in.readLong()));
      case MessageCodec.LEAVING -> new SwarmMessage.Leaving();
      case MessageCodec.ASK_STATUS -> new SwarmMessage.AskStatus();
      case MessageCodec.STATUS -> new SwarmMessage.Status(card(), text(), list(60, this::part));
      default -> null;
    };
  }

  private SwarmMessage.Card card() throws IOException {
    return new SwarmMessage.Card(
        text(),
        text(),
        port(in.readInt()),
        text(),
        text(),
        in.readBoolean(),
        in.readBoolean(),
        swarms());
  }

  private Set<SwarmId> swarms() throws IOException {
    int size = in.readInt();
    if (size < 0 || size > SwarmMessage.Card.SWARMS_MOST) {
      throw new IOException("it is in " + size + " swarms");
    }
    Set<SwarmId> swarms = new HashSet<>();
    for (int i = 0; i < size; i++) {
      if (!swarms.add(swarm())) {
        throw new IOException("it names a swarm twice");
      }
    }
    return swarms;
  }

  private SwarmMessage.Part part() throws IOException {
    return new SwarmMessage.Part(
        swarm(),
        notNegative(in.readLong()),
        notNegative(in.readLong()),
        notNegative(in.readLong()),
        notNegative(in.readLong()),
        notNegative(in.readLong()),
        notNegative(in.readLong()),
        notNegative(in.readLong()),
        notNegative(in.readLong()),
        text());
  }

  private SwarmMessage.HeldChunks held() throws IOException {
    int blob = notNegative(in.readInt());
    int first = notNegative(in.readInt());
    BitSet held = bits();
    List<Integer> crcs = list(4, in::readInt);
    if (!crcs.isEmpty() && crcs.size() != held.cardinality()) {
      throw new IOException(
          "it has " + crcs.size() + " checksums of " + held.cardinality() + " chunks");
    }
    return new SwarmMessage.HeldChunks(blob, first, held, crcs);
  }

  private List<ChunkRun> runs() throws IOException {
    List<ChunkRun> runs = list(12, this::run);
    if (runs.size() > MOST_RUNS) {
      throw new IOException("it has " + runs.size() + " runs of chunks");
    }
    return runs;
  }

  private ChunkRun run() throws IOException {
    return new ChunkRun(in.readInt(), in.readInt(), in.readInt());
  }

  private Entry entry() throws IOException {
    return new Entry(text(), notNegative(in.readLong()), BlobId.of(hex()));
  }

  private SwarmId swarm() throws IOException {
    return new SwarmId(repo(), commit());
  }

  private Commit commit() throws IOException {
    return new Commit(hex());
  }

  private Revision revision() throws IOException {
    return new Revision(text());
  }

  private Repo repo() throws IOException {
    String word = text();
    for (RepoType type : RepoType.values()) {
      if (type.word().equals(word)) {
        return new Repo(type, text());
      }
    }
    throw new IOException("it has an unknown type of repo");
  }

  private NodeId node() throws IOException {
    return new NodeId(HexFormat.of().formatHex(bytes(16, 16)));
  }

  /** More than there may be are refused before they fill the memory. */
  private List<SwarmMessage.Taker> takers() throws IOException {
    in.mark(Integer.BYTES);
    int size = in.readInt();
    in.reset();
    if (size > SwarmMessage.Dealt.MOST) {
      throw new IOException("it deals to " + size + " nodes");
    }
    return list(24, this::taker);
  }

  private SwarmMessage.Taker taker() throws IOException {
    return new SwarmMessage.Taker(node(), in.readLong());
  }

  private SplitBy splitBy() throws IOException {
    int number = in.readUnsignedByte();
    return switch (number) {
      case MessageCodec.EQUAL -> SplitBy.EQUAL;
      case MessageCodec.BYTES -> SplitBy.BYTES;
      case MessageCodec.MEMORY -> SplitBy.MEMORY;
      default -> throw new IOException("it has split " + number + ", which there is not");
    };
  }

  private Strategy strategy() throws IOException {
    int number = in.readUnsignedByte();
    return switch (number) {
      case MessageCodec.SWARM -> Strategy.SWARM;
      case MessageCodec.LEADER -> Strategy.LEADER;
      case MessageCodec.INDEPENDENT -> Strategy.INDEPENDENT;
      default -> throw new IOException("it has strategy " + number + ", which there is not");
    };
  }

  private Failure failure() throws IOException {
    int exitCode = in.readUnsignedByte();
    String what = text();
    String where = text();
    String next = text();
    return switch (exitCode) {
      case 2 -> new Failure.Usage(what, where, next);
      case 10 -> new Failure.Auth(what, where, next);
      case 11 -> new Failure.NotFound(what, where, next);
      case 12 -> new Failure.Network(what, where, next);
      case 13 -> new Failure.Integrity(what, where, next);
      case 14 -> new Failure.Storage(what, where, next);
      case 15 -> new Failure.Cluster(what, where, next);
      case 16 -> new Failure.Partial(what, where, next);
      default -> new Failure.Internal(what, where, next);
    };
  }

  private String hex() throws IOException {
    return HexFormat.of().formatHex(bytes(in.readUnsignedByte(), 32));
  }

  private BitSet bits() throws IOException {
    return BitSet.valueOf(bytes(in.readInt(), LONGEST_BITS));
  }

  private String text() throws IOException {
    return new String(bytes(in.readInt(), LONGEST_TEXT), StandardCharsets.UTF_8);
  }

  private byte[] bytes(int length, int longest) throws IOException {
    if (length < 0 || length > longest || length > in.available()) {
      throw new IOException("it has a length of " + length + " where that cannot be");
    }
    return in.readNBytes(length);
  }

  /**
   * Reads a list.
   *
   * @param least bytes that an element takes at least: no list is longer than what is left allows
   */
  private <T> List<T> list(int least, Element<T> element) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > in.available() / least) {
      throw new IOException("it has a list of " + size + " where that cannot be");
    }
    List<T> list = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      list.add(element.read());
    }
    return list;
  }

  private static int port(int port) throws IOException {
    if (port < 0 || port > 65_535) {
      throw new IOException("it has port " + port);
    }
    return port;
  }

  private static int notNegative(int value) throws IOException {
    return (int) notNegative((long) value);
  }

  private static long notNegative(long value) throws IOException {
    if (value < 0) {
      throw new IOException("it has a negative number where that cannot be");
    }
    return value;
  }
}
