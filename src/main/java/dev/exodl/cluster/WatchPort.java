package dev.exodl.cluster;

import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.View;
import org.jgroups.blocks.cs.NioServer;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' watching of a neighbour by a connection, at a port that anybody can reach: what comes
 * there is bounded, and only what a watcher says is read.
 *
 * <p>Who is not known to be anywhere yet is not watched before it is: when many join at once a view
 * comes before the addresses of those in it. JGroups would suspect such a member, and leave it out
 * as it could not be asked whether it lives. That it sends nothing is noticed all the same, by
 * FD_ALL3.
 */
public final class WatchPort extends FD_SOCK2 {
  /** Longer than the longest of the two messages, which hold two members and a cluster's name. */
  static final int LONGEST = 512;

  private static final int MEMBER = 16;

  /** When it is looked again whether all are known; later and later, up to the other. */
  private static final int AGAIN_MILLIS = 300;

  private static final int AGAIN_MOST_MILLIS = 5000;

  private volatile @Nullable View latest;

  WatchPort() {
    // On the wire it is FD_SOCK2: JGroups finds a protocol's number by its class.
    this.id = ClassConfigurator.getProtocolId(FD_SOCK2.class);
  }

  @Override
  protected NioServer createServer(int[] ports) {
    IllegalStateException none =
        new IllegalStateException(
            "no port of " + ports[0] + " to " + ports[ports.length - 1] + " can be used");
    for (int port : ports) {
      try {
        WatchServer server =
            new WatchServer(getThreadFactory(), getSocketFactory(), bind_addr, port);
        server.setMaxLength(LONGEST);
        return server;
      } catch (Exception e) {
        none.addSuppressed(e);
      }
    }
    throw none;
  }

  @Override
  protected void handleView(View view) {
    latest = view;
    super.handleView(view);
  }

  @Override
  protected void connectToNextPingDest(@Nullable Address suspect) {
    List<Address> unknown = pingable_mbrs.getMembers().stream().filter(m -> !isKnown(m)).toList();
    pingable_mbrs.remove(unknown);
    lookAgain(latest, unknown, AGAIN_MILLIS);
    super.connectToNextPingDest(suspect);
  }

  private void lookAgain(@Nullable View view, List<Address> unknown, int millis) {
    if (view != null && !unknown.isEmpty() && !shutting_down) {
      Future<?> _ =
          timer.schedule(() -> look(view, unknown, millis), millis, TimeUnit.MILLISECONDS, true);
    }
  }

  /** Who is known by now is in the ring again, at its place. */
  private void look(View view, List<Address> unknown, int millis) {
    if (!view.equals(latest) || shutting_down) {
      return;
    }
    List<Address> known = unknown.stream().filter(this::isKnown).toList();
    if (known.isEmpty()) {
      lookAgain(view, unknown, Math.min(2 * millis, AGAIN_MOST_MILLIS));
      return;
    }
    lookAgain(view, unknown.stream().filter(m -> !known.contains(m)).toList(), AGAIN_MILLIS);
    pingable_mbrs.set(
        view.getMembers().stream()
            .filter(m -> known.contains(m) || pingable_mbrs.contains(m))
            .toList());
    View now = latest;
    if (now != null && !view.equals(now)) {
      // It came meanwhile.
      pingable_mbrs.set(now.getMembers());
    }
    // What JGroups does when somebody is not suspected any more: it looks whom to watch.
    up(new EmptyMessage().putHeader(id, new FdHeader(FdHeader.UNSUSPECT).mbrs(List.of())));
  }

  private boolean isKnown(Address member) {
    return member.equals(local_addr)
        || down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, member)) != null;
  }

  @Override
  public void receive(Address sender, DataInput in, int length) throws Exception {
    byte[] bytes = new byte[Math.min(length, LONGEST)];
    in.readFully(bytes);
    if (isOfAWatcher(bytes, id)) {
      super.receive(sender, new ByteArrayDataInputStream(bytes), bytes.length);
    }
  }

  /**
   * Whether this is one of the two messages of a watcher and the one it watches, to the last byte:
   * JGroups would read any header, some of which take as much memory as they say.
   */
  static boolean isOfAWatcher(byte[] bytes, short protocol) {
    try {
      ByteArrayDataInputStream in = new ByteArrayDataInputStream(bytes);
      boolean ours = in.readByte() == 2; // A sender and no one it is for.
      in.readShort();
      ours = ours && isMember(in) && in.readShort() == 1 && in.readShort() == protocol;
      ours = ours && in.readShort() == new FdHeader().getMagicId();
      byte type = ours ? in.readByte() : 0;
      ours = ours && (type == FdHeader.CONNECT || type == FdHeader.CONNECT_RSP);
      ours = ours && in.readInt() == 0; // No suspects.
      if (ours && in.readByte() == 1) {
        ours = in.skipBytes(in.readUnsignedShort()) >= 0;
      }
      return ours && isMember(in) && in.position() == in.limit();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isMember(ByteArrayDataInputStream in) throws IOException {
    return in.readByte() == Address.UUID_ADDR && in.skipBytes(MEMBER) == MEMBER;
  }
}
