package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;

/** Writes one message; {@link MessageReader} reads it. */
final class MessageWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final DataOutputStream out = new DataOutputStream(bytes);

  /** Writes one element of a list. */
  private interface Element<T> {
    void write(T element) throws IOException;
  }

  byte[] bytes(SwarmMessage message) throws IOException {
    out.writeByte(MessageCodec.VERSION);
    switch (message) {
      case SwarmMessage.Card m -> {
        out.writeByte(MessageCodec.CARD);
        card(m);
      }
      case SwarmMessage.AskListing m -> {
        out.writeByte(MessageCodec.ASK_LISTING);
        repo(m.repo());
        text(m.revision().name());
        out.writeBoolean(m.kept());
      }
      case SwarmMessage.Listed m -> {
        out.writeByte(MessageCodec.LISTED);
        repo(m.repo());
        text(m.revision().name());
        hex(m.commit().hex());
        out.writeBoolean(m.open());
        list(m.files(), this::entry);
      }
      case SwarmMessage.NotListed m -> {
        out.writeByte(MessageCodec.NOT_LISTED);
        repo(m.repo());
        text(m.revision().name());
        failure(m.failure());
      }
      case SwarmMessage.Have m -> {
        out.writeByte(MessageCodec.HAVE);
        swarm(m.swarm());
        out.writeBoolean(m.all());
        list(m.held(), this::held);
        out.writeBoolean(m.done());
      }
      case SwarmMessage.AskLease m -> {
        out.writeByte(MessageCodec.ASK_LEASE);
        swarm(m.swarm());
        bits(m.wanted());
        list(m.holding(), this::run);
        out.writeInt(m.begun());
        out.writeInt(m.heard());
        out.writeLong(m.bytesPerSecond());
        out.writeBoolean(m.more());
        out.writeByte(number(m.strategy()));
        bits(m.first());
      }
      case SwarmMessage.Lease m -> {
        out.writeByte(MessageCodec.LEASE);
        swarm(m.swarm());
        out.writeInt(m.number());
        list(m.runs(), this::run);
        out.writeInt(m.millis());
        out.writeLong(m.bytesPerSecond());
        out.writeBoolean(m.fromTheEnd());
      }
      case SwarmMessage.Revoke m -> {
        out.writeByte(MessageCodec.REVOKE);
        swarm(m.swarm());
        list(m.runs(), this::run);
        out.writeBoolean(m.asks());
      }
      case SwarmMessage.AskHolders m -> {
        out.writeByte(MessageCodec.ASK_HOLDERS);
        swarm(m.swarm());
        bits(m.places());
      }
      case SwarmMessage.Meet m -> {
        out.writeByte(MessageCodec.MEET);
        swarm(m.swarm());
        list(m.nodes(), this::node);
      }
      case SwarmMessage.AllTold m -> {
        out.writeByte(MessageCodec.ALL_TOLD);
        out.writeLong(m.view());
      }
      case SwarmMessage.AskShare m -> {
        out.writeByte(MessageCodec.ASK_SHARE);
        swarm(m.swarm());
        out.writeByte(number(m.by()));
        out.writeLong(m.memory());
        out.writeInt(m.nodes());
      }
      case SwarmMessage.Dealt m -> {
        out.writeByte(MessageCodec.DEALT);
        swarm(m.swarm());
        out.writeByte(number(m.by()));
        list(m.takers(), this::taker);
      }
      case SwarmMessage.Shun m -> {
        out.writeByte(MessageCodec.SHUN);
        node(m.node());
        text(m.why());
      }
      case SwarmMessage.Throttled m -> {
        out.writeByte(MessageCodec.THROTTLED);
        out.writeLong(m.millis());
      }
      case SwarmMessage.Leaving m -> out.writeByte(MessageCodec.LEAVING);
      case SwarmMessage.AskStatus m -> out.writeByte(MessageCodec.ASK_STATUS);
      case SwarmMessage.Status m -> {
        out.writeByte(MessageCodec.STATUS);
        card(m.card());
        text(m.version());
        list(m.parts(), this::part);
      }
    }
    return bytes.toByteArray();
  }

  private void card(SwarmMessage.Card m) throws IOException {
    text(m.name());
    text(m.host());
    out.writeInt(m.port());
    text(m.boot());
    text(m.zone());
    out.writeBoolean(m.hub());
    out.writeBoolean(m.encrypts());
    list(List.copyOf(m.swarms()), this::swarm);
  }

  private void part(SwarmMessage.Part m) throws IOException {
    swarm(m.swarm());
    out.writeLong(m.bytes());
    out.writeLong(m.held());
    out.writeLong(m.local());
    out.writeLong(m.fromHub());
    out.writeLong(m.fromPeers());
    out.writeLong(m.served());
    out.writeLong(m.in());
    out.writeLong(m.out());
    text(m.state());
  }

  private void held(SwarmMessage.HeldChunks m) throws IOException {
    out.writeInt(m.blob());
    out.writeInt(m.first());
    bits(m.held());
    list(m.crcs(), out::writeInt);
  }

  private void run(ChunkRun run) throws IOException {
    out.writeInt(run.blob());
    out.writeInt(run.first());
    out.writeInt(run.end());
  }

  private void entry(Entry entry) throws IOException {
    text(entry.path());
    out.writeLong(entry.size());
    hex(entry.blob().hex());
  }

  private void swarm(SwarmId id) throws IOException {
    repo(id.repo());
    hex(id.commit().hex());
  }

  private void repo(Repo repo) throws IOException {
    text(repo.type().word());
    text(repo.id());
  }

  private void node(NodeId id) throws IOException {
    out.write(HexFormat.of().parseHex(id.hex()));
  }

  private void taker(SwarmMessage.Taker taker) throws IOException {
    node(taker.node());
    out.writeLong(taker.memory());
  }

  private static int number(SplitBy by) {
    return switch (by) {
      case EQUAL -> MessageCodec.EQUAL;
      case BYTES -> MessageCodec.BYTES;
      case MEMORY -> MessageCodec.MEMORY;
    };
  }

  private static int number(Strategy strategy) {
    return switch (strategy) {
      case SWARM -> MessageCodec.SWARM;
      case LEADER -> MessageCodec.LEADER;
      case INDEPENDENT -> MessageCodec.INDEPENDENT;
    };
  }

  private void failure(Failure failure) throws IOException {
    out.writeByte(failure.exitCode().number());
    text(failure.what());
    text(failure.where());
    text(failure.next());
  }

  /** Hexadecimal digits, two a byte. */
  private void hex(String digits) throws IOException {
    byte[] raw = HexFormat.of().parseHex(digits);
    out.writeByte(raw.length);
    out.write(raw);
  }

  private void bits(BitSet bits) throws IOException {
    byte[] raw = bits.toByteArray();
    out.writeInt(raw.length);
    out.write(raw);
  }

  private void text(String text) throws IOException {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(raw.length);
    out.write(raw);
  }

  private <T> void list(List<T> list, Element<T> element) throws IOException {
    out.writeInt(list.size());
    for (T e : list) {
      element.write(e);
    }
  }
}
