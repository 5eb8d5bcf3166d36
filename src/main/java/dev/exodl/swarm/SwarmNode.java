package dev.exodl.swarm;

import dev.exodl.cluster.Cluster;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
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
import java.util.function.Consumer;
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
  private final String version;
  private final ChunkServing serving;
  private final OwnCard own;
  private final Peering peering;
  private final Reign reign;
  private final Listings listings;
  private final Deals deals;
  private final Letters letters;
  private final AwakeClock clock = new AwakeClock(() -> System.nanoTime() / 1_000_000);
  private final CountDownLatch joined = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Ticks ticks =
      new Ticks(
          closed,
          () -> swarms.isEmpty() ? IDLE_TICK_MILLIS : TICK_MILLIS,
          this::look,
          this::detail);

  /** Of the thread that looks. */
  private long lookedAgainAt;

  private volatile @Nullable Cluster cluster;
  private volatile boolean warned;
  private volatile boolean foundOut;

  private SwarmNode(NodeSettings settings, NodePorts ports) {
    this.settings = settings;
    this.arrivals = new Arrivals(settings, members, System.nanoTime());
    this.listener = ports.listener();
    this.hub = new Hub(ports.hub(), HUB_GIVE_UP);
    this.version = ports.version();
    this.reign = new Reign(settings.maxClusterRate());
    this.peering = new Peering(this, settings);
    boolean keyed = settings.cluster().key() != null;
    NodePost post = new NodePost(this);
    this.listings = new Listings(ports.listings(), members, post, listener, keyed);
    this.deals = new Deals(members, post, this::now, () -> reign.hears(now()));
    this.letters = new Letters(this, ports.seeds());
    this.serving = ports.serves() ? peering.serve(shelf, listener) : ChunkServing.none();
    this.own = new OwnCard(this, HostIdentity.ofThis(), serving.port());
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
      Thread.ofVirtual().name("exo-dl node").start(node.ticks::run);
      return node;
    } catch (FailureException e) {
      node.joined.countDown();
      node.serving.close();
      throw e;
    }
  }

  /**
   * Waits until as many nodes are here as the settings ask for.
   *
   * @throws FailureException cluster failure when they do not come in time
   */
  public void awaitMembers() throws InterruptedException {
    arrivals.await(this::isClosed);
  }

  /** Tells in a few seconds that no other node is found, if that is so. */
  public void tellIfAlone(Consumer<String> telling) {
    new Alone(settings.cluster(), members, closed).tell(Alone.PATIENCE, telling);
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /**
   * What a revision is; asked once for the whole cluster.
   *
   * @param check throws an integrity failure when what another node told cannot be used; the next
   *     one is asked then
   * @throws FailureException what the coordinator was told
   */
  public SwarmMessage.Listed listing(
      Repo repo, Revision revision, Consumer<SwarmMessage.Listed> check)
      throws InterruptedException {
    Listings.Answer answer = listings.ask(repo, revision, check);
    foundOut = answer.own();
    listings.keep(answer.listed());
    return answer.listed();
  }

  /**
   * Which nodes share the layers of a snapshot's model; found out once for the whole cluster.
   *
   * @throws FailureException cluster failure when nobody answers
   */
  public Hand deal(SwarmMessage.AskShare ask) throws InterruptedException {
    return deals.ask(ask);
  }

  /** Whether this node found out the last listing itself. */
  public boolean foundOut() {
    return foundOut;
  }

  /**
   * Takes part in a snapshot's swarm until this node leaves.
   *
   * @param present its blobs that are on this disk whole
   * @param asker where others get only what this run fetches, until {@link Swarm#givesAll}: called
   *     once, if something was or is put here by another run; is to find out, on another thread,
   *     whether anybody may have it; null when that is known
   */
  public Swarm enter(
      SwarmMessage.Listed listed, Map<BlobId, Path> present, @Nullable Consumer<Swarm> asker) {
    Swarm swarm = swarmOf(listed, Swarm::stays);
    if (asker != null) {
      swarm.onlyFetched(() -> asker.accept(swarm));
    }
    return begin(swarm, present);
  }

  /** As long as somebody takes part in it: this node only serves it, or grants leases. */
  Swarm enter(SwarmMessage.Listed listed, Map<BlobId, Path> present) {
    return begin(swarmOf(listed, swarm -> {}), present);
  }

  /** Another listing of the same commit: what this node itself was told now counts. */
  private Swarm swarmOf(SwarmMessage.Listed listed, Consumer<Swarm> then) {
    listings.keep(listed);
    return swarms.compute(
        new SwarmId(listed.repo(), listed.commit()),
        (id, before) -> {
          boolean known = before != null && before.isOf(listed.files());
          Swarm swarm = known ? before.again() : new Swarm(id, listed.files(), this, shelf);
          then.accept(swarm);
          return swarm;
        });
  }

  private Swarm begin(Swarm swarm, Map<BlobId, Path> present) {
    swarm.present(present);
    outbox.put(
        () -> {
          swarm.announce();
          letters.entered(swarm);
          swarm.opens();
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

  /** Bytes a second from the hub for a node that nobody tells its share; 0 for no cap. */
  public long hubShare() {
    return ownShare(0);
  }

  /** All that are in the cluster now, this one and those that only look counted. */
  public int nodes() {
    Cluster in = cluster;
    return in == null ? 1 : in.view().members().size();
  }

  /** The others that are in the cluster now, and said who they are. */
  public int others() {
    return members.cards().size();
  }

  /** Bytes sent to other nodes. */
  public long served() {
    return serving.served();
  }

  /** What this node says of itself. */
  OwnCard own() {
    return own;
  }

  SwarmMessage.Status ownStatus() {
    return new SwarmMessage.Status(
        own.card(), version, swarms.values().stream().map(s -> s.figures().status()).toList());
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

  Deals deals() {
    return deals;
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
    return members.hubNodes() + (hub.reachable() ? 1 : 0);
  }

  /** What it was told, or what it works out itself when who coordinates has set no cap. */
  long ownShare(long told) {
    return OwnShare.of(told, settings.maxClusterRate(), hubNodes());
  }

  Reign reign() {
    return reign;
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
    outbox.put(() -> deliver(to, message));
  }

  /** Sends at once; only for who empties the outbox. */
  void deliver(Collection<NodeId> to, SwarmMessage message) {
    Cluster in = cluster;
    if (in == null) {
      return;
    }
    in.send(to, message);
    if (to.contains(in.self())) {
      letters.received(in.self(), message);
    }
  }

  /** The hub gave this node trouble: others are told when it concerns them. */
  void hubFailed(Trouble trouble) {
    detail(trouble.what());
    long calm = hub.failed(trouble, now());
    if (calm > 0) {
      send(otherMembers(), new SwarmMessage.Throttled(calm));
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
      own.tellCard();
    }
  }

  /** Told by who serves, which must not wait. */
  private void lost(BlobId blob) {
    detail("blob " + blob + " was removed from the disk: it is not offered any more");
    put(() -> swarms.values().forEach(s -> s.gone(blob)));
  }

  /** The other members. */
  List<NodeId> otherMembers() {
    return members.all().stream().filter(n -> !n.equals(self())).toList();
  }

  Shunned shunned() {
    return shunned;
  }

  boolean isShunned(NodeId peer) {
    return shunned.is(peer);
  }

  /** This node saw that a peer lies: nothing is taken from it, and all are told. */
  void shun(NodeId peer, String why) {
    if (shunned.seen(peer, why)) {
      // Who sees it holds locks, and telling may wait for a terminal.
      put(() -> warn("shunned " + members.name(peer) + ": " + why));
      put(() -> swarms.values().forEach(s -> s.shunned(peer)));
      send(otherMembers(), new SwarmMessage.Shun(peer, why));
    }
  }

  /** The address that a node has in the cluster, null while that is not known. */
  @Nullable InetAddress hostOf(NodeId peer) {
    Cluster in = cluster;
    return in == null ? null : in.host(peer);
  }

  private void look() {
    long now = now();
    if (now - lookedAgainAt >= Letters.LOOK_AGAIN_MILLIS) {
      lookedAgainAt = now;
      letters.lookAgain();
    }
    deals.due();
    if (hub.triedAgain(now)) {
      detail("the hub is tried again");
    }
    for (Swarm swarm : swarms.values()) {
      swarm.tick(now);
      letters.restockIfOld(swarm, now);
      if (swarm.isForgotten(now)) {
        swarms.computeIfPresent(swarm.id(), (id, s) -> forgotten(s, now));
        own.tellCard();
      }
    }
  }

  /** What is left of it: nothing, unless somebody entered it just now. */
  private @Nullable Swarm forgotten(Swarm swarm, long now) {
    if (!swarm.isForgotten(now)) {
      return swarm;
    }
    shelf.ended(swarm.id());
    return null;
  }

  /**
   * Leaves in good order, in about two seconds; some more when the chunk server is slow to end.
   * Idempotent, from any thread.
   */
  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    closed.countDown();
    Cluster in = cluster;
    CountDownLatch said = new CountDownLatch(1);
    send(otherMembers(), new SwarmMessage.Leaving());
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
