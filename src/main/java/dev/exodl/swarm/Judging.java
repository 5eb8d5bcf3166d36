package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import dev.exodl.plan.SwarmChooser;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a chunk that came may be kept, and who lied. The swarm's lock guards it. */
final class Judging {
  private final Swarm swarm;
  private final SwarmNode node;
  private final List<RepoFile> files;
  private final SwarmChooser chooser;
  private final Doubts doubts;
  private final Disputes disputes = new Disputes();
  private final Unverified unverified = new Unverified();
  private final Suspects suspects;

  Judging(Swarm swarm, SwarmNode node, List<RepoFile> files, SwarmChooser chooser) {
    this.swarm = swarm;
    this.node = node;
    this.files = files;
    this.chooser = chooser;
    this.doubts = new Doubts(files.size());
    this.suspects = new Suspects(this::leaveOut);
  }

  /** A peer is about to be asked for something of a file. */
  void asks(NodeId peer, RepoFile file) {
    if (!swarm.maps.done(peer)) {
      swarm.blobs.number(file.blob()).ifPresent(blob -> unverified.asked(peer, blob));
    }
  }

  /** Whether it may be kept. */
  boolean came(Origin origin, int file, int chunk, int crc) {
    OptionalInt told = told(file, chunk);
    NodeId teller = teller(file, chunk);
    boolean kept =
        switch (origin) {
          case Origin.Hub hub -> true;
          case Origin.Peer peer ->
              told.isEmpty() || agrees(peer.node(), file, chunk, crc, teller, told.getAsInt());
        };
    if (!kept) {
      return false;
    }
    Doubts.Came before = doubts.came(origin, file, chunk, crc);
    if (before != null && origin instanceof Origin.Hub) {
      wrong(before.from(), file);
    } else if (before != null) {
      // Of two peers either may be wrong.
      disputes.sent(file, chunk, before.from(), before.crc());
    }
    boolean hub = origin instanceof Origin.Hub;
    if (hub && told.isPresent() && told.getAsInt() == crc) {
      disputes.confirmed(file, chunk, crc).forEach(n -> wrong(n, file));
    } else if (told.isPresent() && told.getAsInt() != crc) {
      // The hash of the whole file decides in the end.
      int blob = blob(file);
      swarm.maps.forgetCrc(blob, chunk);
      if (hub && teller != null) {
        // It may have been lied to itself: what it holds is asked for as before.
        swarm.maps.sumsAreWrong(teller);
      }
    }
    return true;
  }

  private boolean agrees(
      NodeId from, int file, int chunk, int crc, @Nullable NodeId teller, int told) {
    switch (disputes.came(file, chunk, from, teller, told, crc)) {
      case KEPT -> {
        return true;
      }
      case REFUSED -> {
        // From elsewhere first: that shows who is wrong.
        chooser.trouble(from, node.now());
        if (node.hub().gives(node.now())) {
          chooser.fromHubOnly(file, chunk);
        }
      }
      case LIED -> lied(from, file);
    }
    return false;
  }

  private void lied(NodeId peer, int file) {
    node.shun(peer, "it sent wrong bytes of " + files.get(file).path());
  }

  /**
   * It sent wrong bytes. Who said before that it has all, verified, lied or has a bad disk; else it
   * may have got them so, and is asked last from now on, where there is a hub.
   */
  private void wrong(NodeId peer, int file) {
    if (!unverified.has(peer, blob(file))) {
      lied(peer, file);
      return;
    }
    node.detail(
        node.members().name(peer)
            + " sent wrong bytes of "
            + files.get(file).path()
            + ", which it had not verified: its checksums count no more");
    swarm.maps.sumsAreWrong(peer);
    chooser.crawls(peer, node.now());
  }

  /** The file has its hash: who sent other bytes than it has was wrong. */
  void whole(RepoFile whole) {
    int file = disputes.isEmpty() && suspects.isEmpty() ? -1 : files.indexOf(whole);
    if (file >= 0) {
      Set<NodeId> others = disputes.whole(file, chunk -> doubts.sum(file, chunk));
      others.forEach(n -> wrong(n, file));
      suspects.over(file);
    }
  }

  /**
   * The file is wrong: which chunks to fetch anew; null when none of them came from a peer.
   *
   * @param hub whether they come from there; else others than who sent them are asked
   */
  Doubts.@Nullable Doubt doubt(int file, BitSet held, boolean hub) {
    Doubts.Doubt doubt =
        doubts.next(file, held, node::isShunned, n -> !hub && suspects.had(file, n));
    if (hub || doubt == null) {
      suspects.over(file);
    } else {
      suspects.next(file, doubt.of());
    }
    return doubt;
  }

  private void leaveOut(NodeId peer, boolean does) {
    chooser.shun(peer, does || node.isShunned(peer));
  }

  private int blob(int file) {
    return swarm.blobs.number(files.get(file).blob()).orElse(-1);
  }

  private @Nullable NodeId teller(int file, int chunk) {
    int blob = blob(file);
    return blob < 0 ? null : swarm.maps.teller(blob, chunk).orElse(null);
  }

  private OptionalInt told(int file, int chunk) {
    int blob = blob(file);
    return blob >= 0 && swarm.isCutAlike(blob) ? swarm.maps.crc(blob, chunk) : OptionalInt.empty();
  }
}
