package dev.exodl.swarm;

import dev.exodl.cluster.Cluster;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.HubShares;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This process as a node of a cluster: it serves what it holds and takes part in swarms. */
public final class SwarmNode implements AutoCloseable {
  private static final long TICK_MILLIS = 100;
  private static final long IDLE_TICK_MILLIS = 400;

  /** Longer than this nobody waits for a hub that fails, as in a fetch without a cluster. */
  private static final Duration HUB_GIVE_UP = Duration.ofSeconds(60);

  private final NodeSettings settings;
  private final NodeListener listener;
  private final Hub hub;
  private final Members members = new Members();
  private final Holdings shelf = new Holdings(this::lost);
  private final Arrivals arrivals;
  private final Outbox outbox = new Outbox(this::detail);
  private final Shunned shunned = new Shunned();
  private final ConcurrentHashMap<SwarmId, Swarm> swarms = new ConcurrentHashMap<>();
  private final HostIdentity host;
  private final String version;
  private final ChunkServing serving;
  private final Peering peering;
  private final HubShares shares;
  private final Listings listings;
  private final Letters letters;
  private final AwakeClock clock = new AwakeClock(() -> System.nanoTime() / 1_000_000);
  private final CountDownLatch joined = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Cluster cluster;
  private volatile boolean warned;
  private volatile boolean foundOut;

  private SwarmNode(NodeSettings settings, NodePorts ports) {
    this.settings = settings;
    this.arrivals = new Arrivals(settings, members, System.nanoTime());
    this.listener = ports.listener();
    this.hub = new Hub(ports.hub(), HUB_GIVE_UP);
    this.host = HostIdentity.ofThis();
    this.version = ports.version();
    this.shares = new HubShares(settings.maxClusterRate());
    this.peering = new Peering(this, settings);
    boolean keyed = settings.cluster().key() != null;
    this.listings = new Listings(ports.listings(), members, new Post(), listener, keyed);
    this.letters = new Letters(this, ports.seeds());
    this.serving = ports.serves() ? peering.serve(shelf, listener) : ChunkServing.none();
  }

  /**
   * Joins the cluster and begins to serve.
   *
   * @throws FailureException cluster failure
   */
  public static SwarmNode join(NodeSettings settings, NodePorts ports) {
    SwarmNode node = new SwarmNode(settings, ports);
    try {
      Cluster joined = Cluster.join(settings.cluster(), node.letters);
      node.cluster = joined;
      node.joined.countDown();
      node.outbox.start();
      Thread.ofVirtual().name("exo-dl node").start(node::tick);
      return node;
    } catch (FailureException e) {
      node.joined.countDown();
      node.serving.close();
      throw e;
    }
  }

  private final class Post implements Listings.Post {
    @Override
    public NodeId self() {
      return SwarmNode.this.self();
    }

    @Override
    public void send(NodeId to, SwarmMessage message) {
      SwarmNode.this.send(to, message);
    }

    @Override
    public boolean isClosed() {
      return closed.getCount() == 0;
    }
  }

  /**
   * Waits until as many nodes are here as the settings ask for.
   *
   * @throws FailureException cluster failure when they do not come in time
   */
  public void awaitMembers() throws InterruptedException {
    long end = arrivals.end(System.nanoTime());
    while (!arrivals.enough(self())) {
      throwIfClosed();
      if (System.nanoTime() - end > 0) {
        throw arrivals.tooFew(self());
      }
      Thread.sleep(20);
    }
  }

  private void throwIfClosed() throws InterruptedException {
    if (closed.getCount() == 0) {
      throw new InterruptedException("left the cluster");
    }
  }

  /**
   * What a revision is; asked once for the whole cluster.
   *
   * @throws FailureException what the coordinator was told
   */
  public SwarmMessage.Listed listing(Repo repo, Revision revision) throws InterruptedException {
    Listings.Answer answer = listings.ask(repo, revision);
    foundOut = answer.own();
    listings.keep(answer.listed());
    return answer.listed();
  }

  /**
   * Whether the last listing may be believed without this cluster too: this node found it out
   * itself, or all nodes have the key.
   */
  public boolean mayKeepListing() {
    return foundOut || settings.cluster().key() != null;
  }

  /**
   * Takes part in a snapshot's swarm; {@code present} are its blobs that are on this disk whole.
   */
  public Swarm enter(SwarmMessage.Listed listed, Map<BlobId, Path> present) {
    SwarmId id = new SwarmId(listed.repo(), listed.commit());
    listings.keep(listed);
    // Another listing of the same commit: what this node itself was told now counts.
    Swarm swarm =
        swarms.compute(
            id,
            (i, before) ->
                before != null && before.isOf(listed.files())
                    ? before
                    : new Swarm(i, listed.files(), this, shelf));
    swarm.present(present);
    outbox.put(
        () -> {
          swarm.announce();
          letters.entered(swarm);
        });
    return swarm;
  }

  /** Serves until the others have the snapshot too, as the settings say, or {@link #close}. */
  public void linger(Swarm swarm) throws InterruptedException {
    switch (settings.linger()) {
      case Linger.Never never -> {}
      case Linger.Forever forever -> closed.await();
      case Linger.UntilComplete until -> {
        long since = now();
        while (now() - since < until.more().toMillis()) {
          if (closed.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            return;
          }
          since = swarm.complete() ? since : now();
        }
      }
    }
  }

  /** Serves until it is closed. */
  public void serve() throws InterruptedException {
    closed.await();
  }

  /** Everybody's state, as they answer within the time. */
  public ClusterStatus status(Duration patience) throws InterruptedException {
    return letters.status(patience);
  }

  /** Where others read chunks from. */
  public String address() {
    InetAddress bind = settings.cluster().bind().address();
    String host = bind.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + serving.port();
  }

  /** The others that are in the cluster now. */
  public int others() {
    return members.cards().size();
  }

  /** Bytes sent to other nodes. */
  public long served() {
    return serving.served();
  }

  /** What this node says of itself. */
  SwarmMessage.Card card() {
    InetAddress bind = settings.cluster().bind().address();
    return new SwarmMessage.Card(
        host.name(),
        bind.getHostAddress(),
        serving.port(),
        host.boot(),
        settings.zone(),
        hub.reachable(),
        settings.encrypt());
  }

  SwarmMessage.Status ownStatus() {
    return new SwarmMessage.Status(
        card(), version, swarms.values().stream().map(s -> s.figures().status()).toList());
  }

  // For the other classes of this room.

  /** Waits until this node knows who it is: the cluster tells of views before. */
  void awaitJoined() {
    try {
      joined.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  NodeId self() {
    Cluster in = cluster;
    return in == null ? Members.NOBODY : in.self();
  }

  NodeSettings settings() {
    return settings;
  }

  Members members() {
    return members;
  }

  Listings listings() {
    return listings;
  }

  Collection<Swarm> swarms() {
    return swarms.values();
  }

  @Nullable Swarm swarm(SwarmId id) {
    return swarms.get(id);
  }

  Hub hub() {
    return hub;
  }

  boolean coordinates() {
    return members.coordinator().equals(self());
  }

  /** Whether a node may ask the hub, as far as it told. */
  boolean mayAskHub(NodeId member) {
    return member.equals(self())
        ? hub.reachable()
        : members.card(member).map(SwarmMessage.Card::hub).orElse(false);
  }

  /** How many nodes may ask the hub, this one counted. */
  int hubNodes() {
    int others = (int) members.cards().values().stream().filter(SwarmMessage.Card::hub).count();
    return others + (hub.reachable() ? 1 : 0);
  }

  /** A node that asks for a lease: its share of what all may take from the hub; 0 for no cap. */
  synchronized long hubShare(NodeId of) {
    return shares.asked(of, now());
  }

  /** What it was told, or what it works out itself when who coordinates has set no cap. */
  long ownShare(long told) {
    return told > 0 || settings.maxClusterRate() == 0
        ? told
        : Math.max(1, settings.maxClusterRate() / Math.max(1, hubNodes()));
  }

  Peering peering() {
    return peering;
  }

  TellPolicy policy() {
    return TellPolicy.of(members.all().size());
  }

  /** Milliseconds of a clock that only goes forward, see {@link AwakeClock}. */
  long now() {
    return clock.now();
  }

  void warn(String text) {
    listener.warn(text);
  }

  void detail(String text) {
    listener.detail(text);
  }

  void put(Runnable letter) {
    outbox.put(letter);
  }

  /** Sends in the order of the calls; to itself too. */
  void send(NodeId to, SwarmMessage message) {
    send(List.of(to), message);
  }

  void send(Collection<NodeId> to, SwarmMessage message) {
    outbox.put(
        () -> {
          Cluster in = cluster;
          if (in == null) {
            return;
          }
          in.send(to, message);
          if (to.contains(in.self())) {
            letters.received(in.self(), message);
          }
        });
  }

  /** The hub gave this node trouble: others are told when it concerns them. */
  void hubFailed(Trouble trouble) {
    detail(trouble.what());
    long calm = hub.failed(trouble, now());
    if (calm > 0) {
      send(others(members.all()), new SwarmMessage.Throttled(calm));
    }
    // A hub that wants quiet wants it of all: others could not fetch it either.
    if (calm == 0 && hub.failsAgain()) {
      swarms.values().forEach(Swarm::hubFailed);
    }
    if (!hub.reachable()) {
      String what = hub.last().map(Failure::what).orElse("the hub cannot be reached");
      if (warned) {
        detail(what);
      } else {
        warned = true;
        warn(what + ": this node gets the rest from the others, and tries the hub now and then");
      }
      // Others are not to wait for what this one would fetch.
      send(others(members.all()), card());
    }
  }

  /** Told by who serves, which must not wait. */
  private void lost(BlobId blob) {
    detail("blob " + blob + " was removed from the disk: it is not offered any more");
    put(() -> swarms.values().forEach(s -> s.gone(blob)));
  }

  private List<NodeId> others(Collection<NodeId> nodes) {
    return nodes.stream().filter(n -> !n.equals(self())).toList();
  }

  boolean isShunned(NodeId peer) {
    return shunned.is(peer);
  }

  /** This node saw that a peer lies: nothing is taken from it, and all are told. */
  void shun(NodeId peer, String why) {
    if (shunned.seen(peer)) {
      // Who sees it holds locks, and telling may wait for a terminal.
      put(() -> warn("shunned " + members.name(peer) + ": " + why));
      put(() -> swarms.values().forEach(s -> s.shunned(peer)));
      send(others(members.all()), new SwarmMessage.Shun(peer, why));
    }
  }

  /** Another one says so; one voice alone might be the liar's. */
  void reported(NodeId peer, NodeId by, String why) {
    if (peer.equals(self()) && !shunned.accused(by)) {
      return;
    }
    if (peer.equals(self())) {
      warn(
          members.name(by)
              + " says that this node sends wrong bytes ("
              + why
              + "): check its disk and memory, and run 'exo-dl verify'");
    } else if (members.all().contains(peer) && shunned.reported(peer, by)) {
      warn("shunned " + members.name(peer) + ", as two nodes say that it lies: " + why);
      swarms.values().forEach(s -> s.shunned(peer));
    }
  }

  /** The address that a node has in the cluster, null while that is not known. */
  @Nullable InetAddress hostOf(NodeId peer) {
    Cluster in = cluster;
    return in == null ? null : in.host(peer);
  }

  private void tick() {
    try {
      while (true) {
        boolean busy = !swarms.isEmpty();
        if (closed.await(busy ? TICK_MILLIS : IDLE_TICK_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        long now = now();
        if (hub.triedAgain(now)) {
          send(others(members.all()), card());
        }
        for (Swarm swarm : swarms.values()) {
          swarm.tick(now);
          letters.restockIfOld(swarm, now);
          if (swarm.isForgotten(now)) {
            swarms.remove(swarm.id(), swarm);
            swarm.unshelve();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves in good order, within about two seconds. Idempotent, from any thread. */
  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    Cluster in = cluster;
    CountDownLatch said = new CountDownLatch(1);
    send(others(members.all()), new SwarmMessage.Leaving());
    put(said::countDown);
    outbox.close();
    try {
      said.await(300, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (in != null) {
      in.close();
    }
    serving.close();
  }
}
