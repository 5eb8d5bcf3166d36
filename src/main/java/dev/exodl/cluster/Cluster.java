package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.net.BindException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;

/** This node's membership in a cluster. Safe for use by many threads. */
public final class Cluster implements AutoCloseable {
  private static final long LEAVE_MILLIS = 1200;

  /** Bytes of messages that are kept of a node that no view has named yet, and of all such. */
  private static final long KEPT_OF_ONE = 8 << 20;

  private static final long KEPT_MOST = 64 << 20;

  /** What a message takes beside its content, of which it may have none. */
  private static final int OF_A_MESSAGE = 512;

  private sealed interface Heard {
    record NewView(ClusterView view) implements Heard {}

    record Told(NodeId from, Message message) implements Heard {}

    record Said(Warnings.Said said) implements Heard {}

    record End() implements Heard {}
  }

  private final ClusterListener listener;
  private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final Consumer<String> detail = this::addDetail;
  private final Consumer<String> logged = this::addLogged;
  private final Warnings warnings;
  private final JChannel channel;
  private volatile View view = new View();

  /** Kept: a channel that is closed does not know its name any more. */
  private volatile @Nullable NodeId self;

  private volatile Map<NodeId, Address> addresses = Map.of();

  private Cluster(ClusterSettings settings, ClusterListener listener) throws Exception {
    this.listener = listener;
    this.warnings = new Warnings(settings.key() != null);
    DetailLog.add(logged);
    this.channel = Stack.build(settings, detail, this::addWarning);
    channel.setDiscardOwnMessages(true);
    channel.setReceiver(
        new Receiver() {
          @Override
          public void viewAccepted(View now) {
            view = now;
            addresses = others(now);
            heard.add(new Heard.NewView(view(now)));
          }

          @Override
          public void receive(Message m) {
            if (m.hasArray()) {
              heard.add(new Heard.Told(id(m.getSrc()), m));
            }
          }
        });
  }

  /**
   * Joins; returns when this node is in a view, which has only itself when nobody else is found
   * soon. Views and messages may be told before this returns.
   *
   * @throws FailureException cluster failure when the address or all ports of it are unusable
   */
  public static Cluster join(ClusterSettings settings, ClusterListener listener) {
    DetailLog.install();
    Cluster cluster = null;
    try {
      cluster = new Cluster(settings, listener);
      Thread.ofVirtual().name("exo-dl cluster").start(cluster::tellInOrder);
      cluster.detail.accept(
          "joining cluster '"
              + settings.name()
              + "' from "
              + settings.bind()
              + " by "
              + settings.discovery());
      cluster.channel.connect(settings.name());
      return cluster;
    } catch (Exception e) {
      if (cluster != null) {
        cluster.close();
      }
      throw e instanceof FailureException f ? f : failure(settings, e);
    }
  }

  private static FailureException failure(ClusterSettings settings, Exception e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof BindException) {
        Bind bind = settings.bind();
        String ports =
            bind.port() > 0
                ? "port " + bind.port() + " is"
                : "ports " + Ports.FIRST + " to " + (Ports.FIRST + Ports.ON_ONE_HOST - 1) + " are";
        return new FailureException(
            new Failure.Cluster(
                "the cluster's " + ports + " taken",
                bind.address().getHostAddress(),
                "give another one with --bind ADDRESS:PORT, and to the others with --peers"),
            e);
      }
    }
    String why = e.getCause() != null ? e + ", " + e.getCause() : e.toString();
    return new FailureException(
        new Failure.Cluster(
            "cannot join cluster '" + settings.name() + "': " + why,
            settings.bind() + ", " + settings.discovery(),
            "check the address and the way to find the others (--bind, --peers, --discovery)"),
        e);
  }

  /** This node. */
  public NodeId self() {
    NodeId known = self;
    if (known == null) {
      known = id(channel.getAddress());
      self = known;
    }
    return known;
  }

  /** The members now; may be newer than what the listener was told. */
  public ClusterView view() {
    return view(view);
  }

  /**
   * Where another member's own traffic goes to; null when it is none, or that is not known yet.
   * Chunks are served at the same address, whatever a member may say.
   */
  public @Nullable InetAddress host(NodeId member) {
    Address a = addresses.get(member);
    return a != null
            && channel.down(new Event(Event.GET_PHYSICAL_ADDRESS, a)) instanceof IpAddress known
        ? known.getIpAddress()
        : null;
  }

  /** Sends to one node; dropped when it is not another member. */
  public void send(NodeId to, SwarmMessage message) {
    send(List.of(to), message);
  }

  /**
   * Sends to these nodes, one by one: so what a node says to many and what it says to one are in
   * one order. Who is not another member is left out.
   */
  public void send(Collection<NodeId> to, SwarmMessage message) {
    Map<NodeId, Address> others = addresses;
    byte[] bytes = null;
    for (NodeId node : to) {
      Address a = others.get(node);
      if (a != null) {
        bytes = bytes == null ? MessageCodec.encode(message) : bytes;
        send(a, bytes);
      }
    }
  }

  private Map<NodeId, Address> others(View now) {
    Map<NodeId, Address> others = new HashMap<>();
    for (Address a : now.getMembersRaw()) {
      if (!a.equals(channel.getAddress())) {
        others.put(id(a), a);
      }
    }
    return others;
  }

  private void addLogged(String line) {
    warnings.logged(line, System.nanoTime()).ifPresent(s -> heard.add(new Heard.Said(s)));
  }

  private void addWarning(String text) {
    warnings.warn(text, System.nanoTime()).ifPresent(s -> heard.add(new Heard.Said(s)));
  }

  private void addDetail(String text) {
    heard.add(new Heard.Said(new Warnings.Said(text, false)));
  }

  private void send(Address to, byte[] bytes) {
    try {
      channel.send(new BytesMessage(to, bytes));
    } catch (Exception e) {
      // Closed, or on the way to it: nobody is there to hear it.
      detail.accept("not sent to " + id(to).brief() + ": " + e);
    }
  }

  /** For tests that come between. */
  JChannel channel() {
    return channel;
  }

  /**
   * Leaves, within about a second. What came before may still be told to the listener, after that
   * nothing is.
   */
  @Override
  public void close() {
    Thread leaving = Thread.ofPlatform().daemon().name("exo-dl leaves").start(channel::close);
    try {
      leaving.join(LEAVE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    DetailLog.remove(logged);
    heard.add(new Heard.End());
  }

  private void tellInOrder() {
    EarlyMessages<Heard.Told> early = new EarlyMessages<>(KEPT_OF_ONE, KEPT_MOST, OF_A_MESSAGE);
    try {
      while (true) {
        Heard next = heard.take();
        if (next instanceof Heard.End) {
          return;
        }
        safely(() -> tell(next, early));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Heard what, EarlyMessages<Heard.Told> early) {
    switch (what) {
      case Heard.NewView v -> {
        safely(() -> listener.view(v.view()));
        early.meet(v.view().members()).forEach(b -> safely(() -> tell(b)));
      }
      case Heard.Told b -> {
        if (early.hasMet(b.from())) {
          tell(b);
        } else {
          early.keep(b.from(), b, b.message().getLength());
        }
      }
      case Heard.Said s -> tell(s.said());
      case Heard.End e -> {}
    }
  }

  private void tell(Warnings.Said said) {
    if (said.warns()) {
      listener.warning(said.text());
    } else {
      listener.detail(said.text());
    }
  }

  /** What nobody thought of, in a message or in this program, must not make this node deaf. */
  private void safely(Runnable telling) {
    Safely.run(telling, "a message could not be dealt with", listener::detail);
  }

  private void tell(Heard.Told b) {
    Message m = b.message();
    switch (MessageCodec.decode(m.getArray(), m.getOffset(), m.getLength())) {
      case MessageCodec.Read.Good good -> listener.received(b.from(), good.message());
      case MessageCodec.Read.Bad bad ->
          listener.detail("ignored a message of " + b.from().brief() + ": " + bad.why());
    }
  }

  private static ClusterView view(View v) {
    List<NodeId> members = new ArrayList<>();
    for (Address a : v.getMembersRaw()) {
      members.add(id(a));
    }
    List<Set<NodeId>> parts = new ArrayList<>();
    if (v instanceof MergeView merged) {
      for (View part : merged.getSubgroups()) {
        parts.add(part.getMembers().stream().map(Cluster::id).collect(Collectors.toSet()));
      }
    }
    return new ClusterView(members, v.getViewId() == null ? 0 : v.getViewId().getId(), parts);
  }

  private static NodeId id(Address address) {
    UUID uuid = (UUID) address;
    HexFormat hex = HexFormat.of();
    return new NodeId(
        hex.toHexDigits(uuid.getMostSignificantBits())
            + hex.toHexDigits(uuid.getLeastSignificantBits()));
  }
}
