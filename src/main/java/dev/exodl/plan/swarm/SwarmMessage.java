package dev.exodl.plan.swarm;

import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** What nodes tell each other. No message carries a token or bytes of a model. */
public sealed interface SwarmMessage {
  /**
   * Who a node is; told to each newcomer, and to all when it is not as it was told.
   *
   * @param name for people: host name and process id
   * @param host address of its chunk server
   * @param port of its chunk server; 0 when it serves nothing
   * @param boot the host's boot id: the same on processes of one host; may be empty
   * @param zone the user's label; may be empty
   * @param hub whether it may ask the hub
   * @param encrypts whether its chunk server speaks TLS, and it takes chunks from such nodes only
   * @param swarms those of whose files it holds or wants some, {@value #SWARMS_MOST} at most
   */
  record Card(
      String name,
      String host,
      int port,
      String boot,
      String zone,
      boolean hub,
      boolean encrypts,
      Set<SwarmId> swarms)
      implements SwarmMessage {
    /** Of one that is in more only some are told: who is in others is no neighbour there. */
    public static final int SWARMS_MOST = 64;

    public Card {
      swarms = Set.copyOf(swarms);
      if (swarms.size() > SWARMS_MOST) {
        throw new IllegalArgumentException("it is in " + swarms.size() + " swarms");
      }
    }

    /** Of a node that is in no swarm. */
    public Card(
        String name,
        String host,
        int port,
        String boot,
        String zone,
        boolean hub,
        boolean encrypts) {
      this(name, host, port, boot, zone, hub, encrypts, Set.of());
    }
  }

  /**
   * What is this revision, and which files has it?
   *
   * @param kept what it was when the hub was last asked will do, since nobody can ask it now
   */
  record AskListing(Repo repo, Revision revision, boolean kept) implements SwarmMessage {}

  /**
   * The answer to {@link AskListing}.
   *
   * @param open whether anybody may read the repo without a token
   */
  record Listed(Repo repo, Revision revision, Commit commit, boolean open, List<Entry> files)
      implements SwarmMessage {}

  /** The other answer to {@link AskListing}. */
  record NotListed(Repo repo, Revision revision, Failure failure) implements SwarmMessage {}

  /**
   * Chunks of one blob that a node holds, whole and checked. Several of them tell of chunks that
   * are far apart, so that news costs as much as there is of it, however many chunks the blob has.
   *
   * @param first the number of the first of the chunks
   * @param held the chunks this message is about, counted from {@code first} on
   * @param crcs CRC-32C of each chunk of {@code held}, in their order; empty when they are not
   *     known (the blob was verified as a whole)
   */
  record HeldChunks(int blob, int first, BitSet held, List<Integer> crcs) {
    public HeldChunks {
      int before = Math.max(0, held.nextSetBit(0));
      held = before > 0 ? held.get(before, held.length()) : held;
      first += before;
      if (first < 0 || first + held.length() < 0) {
        throw new IllegalArgumentException("it has chunks where none can be");
      }
    }

    /** These chunks by their numbers in the blob. */
    public HeldChunks(int blob, BitSet held, List<Integer> crcs) {
      this(blob, 0, held, crcs);
    }
  }

  /**
   * A node's have-map or what came to it.
   *
   * @param all whether this is all it holds, in place of what it said before
   * @param done whether it holds, verified, all that it wants
   */
  record Have(SwarmId swarm, boolean all, List<HeldChunks> held, boolean done)
      implements SwarmMessage {}

  /**
   * To the coordinator: grant me chunks to fetch from the hub.
   *
   * @param wanted numbers of the blobs that this node wants
   * @param holding leased runs that are not fetched yet
   * @param begun how many chunks of {@code holding} are under way, the first ones; 0 when that is
   *     not told
   * @param heard number of the last {@link Lease} that came from this coordinator, 0 for none: what
   *     later ones grant is on its way, and not given back because it is not in {@code holding}
   * @param bytesPerSecond what this node gets from the hub, 0 when it is not known yet
   * @param more whether more is wanted; false only tells what is held
   * @param strategy who is to fetch from the hub, as this node's user wants it
   * @param first places of chunks that this node needs before all others; see {@link SwarmBlobs}
   */
  record AskLease(
      SwarmId swarm,
      BitSet wanted,
      List<ChunkRun> holding,
      int begun,
      int heard,
      long bytesPerSecond,
      boolean more,
      Strategy strategy,
      BitSet first)
      implements SwarmMessage {
    /** Of a node that needs nothing before the rest. */
    public AskLease(
        SwarmId swarm,
        BitSet wanted,
        List<ChunkRun> holding,
        int begun,
        int heard,
        long bytesPerSecond,
        boolean more,
        Strategy strategy) {
      this(swarm, wanted, holding, begun, heard, bytesPerSecond, more, strategy, new BitSet());
    }

    /** Of a node that is content with a part. */
    public AskLease(
        SwarmId swarm,
        BitSet wanted,
        List<ChunkRun> holding,
        int begun,
        int heard,
        long bytesPerSecond,
        boolean more) {
      this(swarm, wanted, holding, begun, heard, bytesPerSecond, more, Strategy.SWARM);
    }

    /** Of one that heard all and does not tell how much it has begun. */
    public AskLease(
        SwarmId swarm, BitSet wanted, List<ChunkRun> holding, long bytesPerSecond, boolean more) {
      this(swarm, wanted, holding, 0, Integer.MAX_VALUE, bytesPerSecond, more);
    }

    /** The same, of a node that has no lease. */
    public AskLease withoutHolding() {
      return new AskLease(swarm, wanted, List.of(), 0, Integer.MAX_VALUE, 0, more, strategy, first);
    }

    /** The same, only telling what is held. */
    public AskLease withoutMore() {
      return new AskLease(
          swarm, wanted, holding, begun, heard, bytesPerSecond, false, strategy, first);
    }
  }

  /**
   * From the coordinator: fetch these from the hub.
   *
   * @param number grows with each of this coordinator
   * @param runs empty when there is nothing to lease now
   * @param millis how long the lease lasts without a new chunk of it; without runs: when to ask
   *     again, 0 when no more was asked for
   * @param bytesPerSecond this node's share of what all may take from the hub together; 0 for no
   *     cap
   * @param fromTheEnd whether this coordinator leases the last chunks first; who takes over from it
   *     leases from the other end
   */
  record Lease(
      SwarmId swarm,
      int number,
      List<ChunkRun> runs,
      int millis,
      long bytesPerSecond,
      boolean fromTheEnd)
      implements SwarmMessage {}

  /**
   * From the coordinator: somebody else fetches these.
   *
   * @param asks whether it waits to be told what this node still holds, though that be all; else it
   *     is the answer to what was told
   */
  record Revoke(SwarmId swarm, List<ChunkRun> runs, boolean asks) implements SwarmMessage {}

  /**
   * To the coordinator, which hears of all: who holds these? Nobody of whom this node takes chunks
   * does.
   *
   * @param places of chunks, see {@link SwarmBlobs}
   */
  record AskHolders(SwarmId swarm, BitSet places) implements SwarmMessage {}

  /**
   * From the coordinator: you and these are as neighbours from now on, as some lack what the others
   * hold.
   */
  record Meet(SwarmId swarm, List<NodeId> nodes) implements SwarmMessage {
    /** So many nodes at most. */
    public static final int MOST = 8;

    public Meet {
      nodes = List.copyOf(nodes);
      if (nodes.size() > MOST) {
        throw new IllegalArgumentException("it has " + nodes.size() + " nodes to meet");
      }
    }
  }

  /**
   * To the coordinator: it was told before what this node holds and has leases for.
   *
   * @param view number of the view in which that was; what it says of an older one tells nothing
   */
  record AllTold(long view) implements SwarmMessage {}

  /**
   * To the coordinator: give me a share of the layers of this snapshot's model.
   *
   * @param by how the layers are to be dealt out, as this node's user wants it
   * @param memory bytes that this node has for them
   * @param nodes how many nodes are to have a share, as far as its user said; 1 for as many as come
   */
  record AskShare(SwarmId swarm, SplitBy by, long memory, int nodes) implements SwarmMessage {
    public AskShare {
      if (memory < 1 || nodes < 1) {
        throw new IllegalArgumentException("it asks for a share of nothing");
      }
    }
  }

  /**
   * From the coordinator: these share the layers of this snapshot's model, in this order. What each
   * has follows from that and the model. Also to a new coordinator, from who knows it.
   */
  record Dealt(SwarmId swarm, SplitBy by, List<Taker> takers) implements SwarmMessage {
    /** So many nodes at most: hardly a model has more layers. */
    public static final int MOST = 1024;

    public Dealt {
      takers = List.copyOf(takers);
      if (takers.isEmpty() || takers.size() > MOST) {
        throw new IllegalArgumentException("it deals to " + takers.size() + " nodes");
      }
      if (takers.stream().map(Taker::node).distinct().count() < takers.size()) {
        throw new IllegalArgumentException("it deals to a node twice");
      }
    }

    /** The number of a node's share, from 0; -1 when it has none. */
    public int shareOf(NodeId node) {
      for (int i = 0; i < takers.size(); i++) {
        if (takers.get(i).node().equals(node)) {
          return i;
        }
      }
      return -1;
    }
  }

  /**
   * One that has a share.
   *
   * @param memory bytes that it said it has
   */
  record Taker(NodeId node, long memory) {
    public Taker {
      if (memory < 1) {
        throw new IllegalArgumentException("a node without memory");
      }
    }
  }

  /** This node sent wrong bytes. */
  record Shun(NodeId node, String why) implements SwarmMessage {}

  /** The hub wants fewer requests of all of us. */
  record Throttled(long millis) implements SwarmMessage {}

  /** Leaves: nothing more will be served from here. */
  record Leaving() implements SwarmMessage {}

  /** Tell how you are. */
  record AskStatus() implements SwarmMessage {}

  /**
   * One swarm as a node sees its part.
   *
   * @param bytes wanted
   * @param held of them
   * @param local of those held, what was there before anything came
   * @param served by the node, in all swarms
   * @param in bytes that come in a second
   * @param out bytes that the node serves in a second, in all swarms
   */
  record Part(
      SwarmId swarm,
      long bytes,
      long held,
      long local,
      long fromHub,
      long fromPeers,
      long served,
      long in,
      long out,
      String state) {}

  /** The answer to {@link AskStatus}. */
  record Status(Card card, String version, List<Part> parts) implements SwarmMessage {}
}
