package dev.exodl.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.Util;

/** What happens to the wires between the nodes of a test; their channels are real. */
public final class Wires {
  private Wires() {}

  /**
   * As when its process is killed: nothing is said to anybody any more, and the sockets close, as
   * the kernel does it.
   */
  public static void kill(Cluster node) throws Exception {
    Util.shutdown(node.channel());
  }

  /** Whether it has left, and nothing of it runs any more. */
  public static boolean isClosed(Cluster node) {
    return node.channel().isClosed();
  }

  /** Nothing of those comes to these any more. */
  public static void deaf(Collection<Cluster> these, Collection<Cluster> those) throws Exception {
    for (Cluster node : these) {
      DISCARD discard = new DISCARD();
      those.forEach(o -> discard.addIgnoreMember(o.channel().getAddress()));
      aboveTheTransport(node, discard);
    }
  }

  /** Neither side hears the other, and each knows at once that the other is gone. */
  public static void split(Collection<Cluster> left, Collection<Cluster> right) throws Exception {
    deaf(left, right);
    deaf(right, left);
    shrink(left);
    shrink(right);
  }

  /** Gives these a view of their own, without the seconds it takes to miss heartbeats. */
  private static void shrink(Collection<Cluster> side) {
    View before = side.iterator().next().channel().getView();
    List<Address> members = new ArrayList<>(before.getMembers());
    members.retainAll(side.stream().map(c -> c.channel().getAddress()).toList());
    View view = new View(members.getFirst(), before.getViewId().getId() + 1, members);
    for (Cluster node : side) {
      GMS gms = node.channel().getProtocolStack().findProtocol(GMS.class);
      gms.installView(view);
    }
  }

  /** All hear each other again; they become one cluster soon. */
  public static void heal(Collection<Cluster> nodes) {
    nodes.forEach(n -> n.channel().getProtocolStack().removeProtocol(DISCARD.class));
  }

  /**
   * From now on each message comes to this node late by a random time, so that those of several
   * senders overtake each other; those of one are put in order again above.
   *
   * @return counts the messages that were overtaken
   */
  public static AtomicInteger delay(Cluster node, int mostMillis) throws Exception {
    Late late = new Late(mostMillis);
    aboveTheTransport(node, late);
    return late.overtaken;
  }

  /** Puts all that this node sends and gets from now on there, as JGroups writes it. */
  public static void record(Cluster node, Queue<byte[]> into) throws Exception {
    aboveTheTransport(node, new Recorder(into));
  }

  private static final class Recorder extends Protocol {
    private final Queue<byte[]> into;

    Recorder(Queue<byte[]> into) {
      this.into = into;
    }

    private void add(Message message) {
      try {
        into.add(Util.streamableToByteBuffer(message));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Object down(Message message) {
      add(message);
      return down_prot.down(message);
    }

    @Override
    public Object up(Message message) {
      add(message);
      return up_prot.up(message);
    }

    @Override
    public void up(MessageBatch batch) {
      batch.forEach(this::add);
      up_prot.up(batch);
    }
  }

  private static void aboveTheTransport(Cluster node, Protocol added) throws Exception {
    node.channel().getProtocolStack().insertProtocol(added, ProtocolStack.Position.ABOVE, TP.class);
  }

  /** JGroups' own DELAY holds back all messages alike, so that none overtakes another one. */
  private static final class Late extends Protocol {
    private final int mostMillis;
    private final AtomicLong came = new AtomicLong();
    private final AtomicLong newest = new AtomicLong();
    private final AtomicInteger overtaken = new AtomicInteger();

    Late(int mostMillis) {
      this.mostMillis = mostMillis;
    }

    @Override
    public Object up(Message message) {
      long number = came.incrementAndGet();
      Thread.ofVirtual().start(() -> later(number, message));
      return null;
    }

    @Override
    public void up(MessageBatch batch) {
      for (Message message : batch) {
        up(message);
      }
    }

    private void later(long number, Message message) {
      try {
        Thread.sleep(ThreadLocalRandom.current().nextInt(mostMillis));
      } catch (InterruptedException e) {
        return;
      }
      if (newest.getAndAccumulate(number, Math::max) > number) {
        overtaken.incrementAndGet();
      }
      up_prot.up(message);
    }
  }
}
