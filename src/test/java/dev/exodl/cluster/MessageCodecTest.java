package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class MessageCodecTest implements WithQuickTheories {
  /** Any message, made from a seed. */
  private static final class Maker {
    private final Random random;

    Maker(long seed) {
      random = new Random(seed);
    }

    SwarmMessage message() {
      List<Supplier<SwarmMessage>> kinds =
          List.of(
              this::card,
              () -> new SwarmMessage.AskListing(repo(), revision(), random.nextBoolean()),
              () ->
                  new SwarmMessage.Listed(
                      repo(), revision(), commit(), random.nextBoolean(), list(this::entry)),
              () -> new SwarmMessage.NotListed(repo(), revision(), failure()),
              () ->
                  new SwarmMessage.Have(
                      swarm(), random.nextBoolean(), list(this::held), random.nextBoolean()),
              () ->
                  new SwarmMessage.AskLease(
                      swarm(),
                      bits(),
                      list(this::run),
                      number(),
                      number(),
                      size(),
                      random.nextBoolean(),
                      Strategy.values()[random.nextInt(Strategy.values().length)],
                      bits()),
              () ->
                  new SwarmMessage.Lease(
                      swarm(), number(), list(this::run), number(), size(), random.nextBoolean()),
              () -> new SwarmMessage.Revoke(swarm(), list(this::run), random.nextBoolean()),
              () -> new SwarmMessage.AskHolders(swarm(), bits()),
              () ->
                  new SwarmMessage.Meet(
                      swarm(), list(() -> new NodeId(hex(32))).stream().limit(8).toList()),
              () -> new SwarmMessage.AllTold(size()),
              () ->
                  new SwarmMessage.AskShare(
                      swarm(), splitBy(), 1 + size() / 2, 1 + random.nextInt(100)),
              () -> new SwarmMessage.Dealt(swarm(), splitBy(), takers()),
              () -> new SwarmMessage.Shun(new NodeId(hex(32)), text()),
              () -> new SwarmMessage.Throttled(size()),
              SwarmMessage.Leaving::new,
              SwarmMessage.AskStatus::new,
              () -> new SwarmMessage.Status(card(), text(), list(this::part)));
      return kinds.get(random.nextInt(kinds.size())).get();
    }

    private SwarmMessage.Card card() {
      return new SwarmMessage.Card(
          text(),
          text(),
          random.nextInt(65_536),
          text(),
          text(),
          random.nextBoolean(),
          random.nextBoolean(),
          Set.copyOf(list(this::swarm)));
    }

    private SplitBy splitBy() {
      return SplitBy.values()[random.nextInt(SplitBy.values().length)];
    }

    private List<SwarmMessage.Taker> takers() {
      List<SwarmMessage.Taker> takers = new ArrayList<>();
      for (int i = random.nextInt(10); i >= 0; i--) {
        takers.add(new SwarmMessage.Taker(new NodeId(hex(32)), 1 + size() / 2));
      }
      return takers;
    }

    private SwarmMessage.Part part() {
      return new SwarmMessage.Part(
          swarm(), size(), size(), size(), size(), size(), size(), size(), size(), text());
    }

    private SwarmMessage.HeldChunks held() {
      BitSet bits = bits();
      List<Integer> crcs = new ArrayList<>();
      for (int i = 0; i < bits.cardinality(); i++) {
        crcs.add(random.nextInt());
      }
      return new SwarmMessage.HeldChunks(number(), random.nextInt(1 << 20), bits, crcs);
    }

    private BitSet bits() {
      BitSet bits = new BitSet();
      for (int i = random.nextInt(50); i > 0; i--) {
        bits.set(random.nextInt(16_384));
      }
      return bits;
    }

    private Failure failure() {
      List<Failure> failures =
          List.of(
              new Failure.Internal(text(), text(), text()),
              new Failure.Usage(text(), text(), text()),
              new Failure.Auth(text(), text(), text()),
              new Failure.NotFound(text(), text(), text()),
              new Failure.Network(text(), text(), text()),
              new Failure.Integrity(text(), text(), text()),
              new Failure.Storage(text(), text(), text()),
              new Failure.Cluster(text(), text(), text()),
              new Failure.Partial(text(), text(), text()));
      return failures.get(random.nextInt(failures.size()));
    }

    private ChunkRun run() {
      int first = random.nextInt(1 << 20);
      return new ChunkRun(number(), first, first + 1 + random.nextInt(100));
    }

    private Entry entry() {
      return new Entry(text(), size(), BlobId.of(hex(random.nextBoolean() ? 64 : 40)));
    }

    private SwarmId swarm() {
      return new SwarmId(repo(), commit());
    }

    private Repo repo() {
      RepoType type = RepoType.values()[random.nextInt(RepoType.values().length)];
      return new Repo(type, "org" + number() + "/name" + number());
    }

    private Revision revision() {
      return new Revision("refs/pr/" + number());
    }

    private Commit commit() {
      return new Commit(hex(40));
    }

    private String hex(int digits) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < digits; i++) {
        text.append(Character.forDigit(random.nextInt(16), 16));
      }
      return text.toString();
    }

    private String text() {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i > 0; i--) {
        text.appendCodePoint(random.nextBoolean() ? 'a' + random.nextInt(26) : 0x1f600 + i);
      }
      return text.toString();
    }

    private int number() {
      return random.nextInt(Integer.MAX_VALUE);
    }

    private long size() {
      return random.nextLong() & Long.MAX_VALUE;
    }

    private <T> List<T> list(Supplier<T> element) {
      List<T> list = new ArrayList<>();
      for (int i = random.nextInt(10); i > 0; i--) {
        list.add(element.get());
      }
      return list;
    }
  }

  private static MessageCodec.Read read(byte[] bytes) {
    return MessageCodec.decode(bytes, 0, bytes.length);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    Set<Class<?>> kinds = new HashSet<>();
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              SwarmMessage message = new Maker(seed).message();
              kinds.add(message.getClass());
              assertEquals(new MessageCodec.Read.Good(message), read(MessageCodec.encode(message)));
            });
    for (long seed = 0; seed < 500; seed++) {
      kinds.add(new Maker(seed).message().getClass());
    }
    assertEquals(SwarmMessage.class.getPermittedSubclasses().length, kinds.size());
  }

  @Test
  void aMessageThatIsCutIsRefused() {
    qt().forAll(longs().all(), integers().between(0, Integer.MAX_VALUE))
        .checkAssert(
            (seed, cut) -> {
              byte[] bytes = MessageCodec.encode(new Maker(seed).message());
              assertInstanceOf(
                  MessageCodec.Read.Bad.class, read(Arrays.copyOf(bytes, cut % bytes.length)));
            });
  }

  @Test
  void flippedBytesNeverThrowNorTakeMuchMemory() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              byte[] bytes = MessageCodec.encode(new Maker(seed).message());
              Random random = new Random(seed);
              for (int i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
              }
              read(bytes);
            });
  }

  @Test
  void aListThatCannotBeIsRefusedBeforeItIsMade() {
    byte[] bytes =
        MessageCodec.encode(
            new SwarmMessage.Lease(
                new SwarmId(new Repo(RepoType.MODEL, "a/b"), new Commit("0".repeat(40))),
                1,
                List.of(),
                1,
                0,
                false));
    // The number of runs stands before the thirteen bytes of time, rate and order.
    Arrays.fill(bytes, bytes.length - 17, bytes.length - 13, (byte) 0x7f);
    MessageCodec.Read.Bad bad = assertInstanceOf(MessageCodec.Read.Bad.class, read(bytes));
    assertTrue(bad.why().contains("list of 2139062143"), bad.why());
  }

  @Test
  void moreRunsThanAnybodyCanHaveAreRefused() {
    SwarmId swarm = new SwarmId(new Repo(RepoType.MODEL, "a/b"), new Commit("0".repeat(40)));
    List<ChunkRun> most = Collections.nCopies(MessageReader.MOST_RUNS, new ChunkRun(0, 0, 9));
    List<ChunkRun> more = Collections.nCopies(MessageReader.MOST_RUNS + 1, new ChunkRun(0, 0, 9));
    SwarmMessage good = new SwarmMessage.Revoke(swarm, most, false);
    assertEquals(new MessageCodec.Read.Good(good), read(MessageCodec.encode(good)));
    for (SwarmMessage bad :
        List.of(
            new SwarmMessage.Revoke(swarm, more, false),
            new SwarmMessage.Lease(swarm, 1, more, 1, 0, false),
            new SwarmMessage.AskLease(swarm, new BitSet(), more, 0, true))) {
      assertInstanceOf(MessageCodec.Read.Bad.class, read(MessageCodec.encode(bad)));
    }
  }

  private static byte[] card(int swarms) {
    Set<SwarmId> ids = new HashSet<>();
    for (int i = 0; i < swarms; i++) {
      ids.add(new SwarmId(new Repo(RepoType.MODEL, "a/b" + i), new Commit("0".repeat(40))));
    }
    return MessageCodec.encode(new SwarmMessage.Card("", "", 1, "", "", true, false, ids));
  }

  @Test
  void aCardOfMoreSwarmsThanANodeTellsIsRefusedBeforeTheyAreRead() {
    assertInstanceOf(MessageCodec.Read.Good.class, read(card(SwarmMessage.Card.SWARMS_MOST)));
    byte[] bytes = card(0);
    bytes[bytes.length - 1] = SwarmMessage.Card.SWARMS_MOST + 1;
    MessageCodec.Read.Bad bad = assertInstanceOf(MessageCodec.Read.Bad.class, read(bytes));
    assertEquals("it is in 65 swarms", bad.why());
  }

  @Test
  void aCardThatNamesASwarmTwiceIsRefused() {
    byte[] one = card(1);
    int none = card(0).length;
    byte[] bytes = Arrays.copyOf(one, 2 * one.length - none);
    System.arraycopy(one, none, bytes, one.length, one.length - none);
    bytes[none - 1] = 2;
    MessageCodec.Read.Bad bad = assertInstanceOf(MessageCodec.Read.Bad.class, read(bytes));
    assertEquals("it names a swarm twice", bad.why());
  }

  private static byte[] have(int first, int... chunks) {
    BitSet held = new BitSet();
    List<Integer> crcs = new ArrayList<>();
    for (int chunk : chunks) {
      held.set(chunk);
      crcs.add(chunk);
    }
    return MessageCodec.encode(
        new SwarmMessage.Have(
            new SwarmId(new Repo(RepoType.MODEL, "a/b"), new Commit("0".repeat(40))),
            false,
            List.of(new SwarmMessage.HeldChunks(0, first, held, crcs)),
            false));
  }

  @Test
  void newsOfTheLastChunkOfAHugeBlobIsAsShortAsNewsOfTheFirst() {
    assertEquals(have(0, 0).length, have(0, 16_000).length);
    assertEquals(have(0, 0, 2).length, have(15_000, 1000, 1002).length);
  }

  @Test
  void chunksBeyondAllNumbersAreRefused() {
    byte[] bytes = have(0, 0, 2);
    // The first chunk's number stands before bits (4 and 1 bytes), checksums (4 and 8) and the
    // end (1).
    Arrays.fill(bytes, bytes.length - 22, bytes.length - 18, (byte) 0xff);
    bytes[bytes.length - 22] = 0x7f;
    MessageCodec.Read.Bad bad = assertInstanceOf(MessageCodec.Read.Bad.class, read(bytes));
    assertEquals("it has chunks where none can be", bad.why());
  }

  @Test
  void aStrategyThatThereIsNotIsRefused() {
    byte[] bytes =
        MessageCodec.encode(
            new SwarmMessage.AskLease(
                new SwarmId(new Repo(RepoType.MODEL, "a/b"), new Commit("0".repeat(40))),
                new BitSet(),
                List.of(),
                0,
                true));
    // The number of the chunks needed first stands after it.
    bytes[bytes.length - 5] = 3;
    MessageCodec.Read.Bad bad = assertInstanceOf(MessageCodec.Read.Bad.class, read(bytes));
    assertEquals("it has strategy 3, which there is not", bad.why());
  }

  @Test
  void impossibleSharesAreRefused() {
    SwarmId swarm = new SwarmId(new Repo(RepoType.MODEL, "a/b"), new Commit("0".repeat(40)));
    SwarmMessage.Taker one = new SwarmMessage.Taker(new NodeId("1".repeat(32)), 1);
    SwarmMessage.Taker two = new SwarmMessage.Taker(new NodeId("2".repeat(32)), 1);
    byte[] ask = MessageCodec.encode(new SwarmMessage.AskShare(swarm, SplitBy.MEMORY, 1, 1));
    byte[] deal =
        MessageCodec.encode(new SwarmMessage.Dealt(swarm, SplitBy.MEMORY, List.of(one, two)));
    assertBad("it has split 3, which there is not", with(ask, ask.length - 13, 3));
    assertBad("it asks for a share of nothing", with(ask, ask.length - 1, 0));
    assertBad("it asks for a share of nothing", with(ask, ask.length - 5, 0));
    assertBad("a node without memory", with(deal, deal.length - 1, 0));
    byte[] twice = deal.clone();
    Arrays.fill(twice, deal.length - 24, deal.length - 8, (byte) 0x11);
    assertBad("it deals to a node twice", twice);
    byte[] none = Arrays.copyOf(deal, deal.length - 48);
    none[none.length - 1] = 0;
    assertBad("it deals to 0 nodes", none);
    // Said before any of them is read.
    byte[] more = with(none, none.length - 2, (SwarmMessage.Dealt.MOST + 1) >> 8);
    more[more.length - 1] = (byte) (SwarmMessage.Dealt.MOST + 1);
    assertBad("it deals to 1025 nodes", more);
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static void assertBad(String why, byte[] bytes) {
    MessageCodec.Read.Bad bad = assertInstanceOf(MessageCodec.Read.Bad.class, read(bytes));
    assertEquals(why, bad.why());
  }

  @Test
  void otherVersionsAndUnknownKindsAreNamed() {
    assertEquals(
        new MessageCodec.Read.Bad("it is of version 9, this program speaks 7"),
        read(new byte[] {9, 1}));
    assertEquals(
        new MessageCodec.Read.Bad("it is of kind 99, which this program does not know"),
        read(new byte[] {7, 99}));
  }

  @Test
  void aListingOfTenThousandFilesFits() {
    List<Entry> files = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      files.add(new Entry("some/folder/file-" + i, i, BlobId.of("0".repeat(64))));
    }
    SwarmMessage message =
        new SwarmMessage.Listed(
            new Repo(RepoType.MODEL, "a/b"),
            Revision.MAIN,
            new Commit("0".repeat(40)),
            true,
            files);
    byte[] bytes = MessageCodec.encode(message);
    assertTrue(bytes.length < 1_000_000, "bytes: " + bytes.length);
    assertEquals(new MessageCodec.Read.Good(message), read(bytes));
  }
}
