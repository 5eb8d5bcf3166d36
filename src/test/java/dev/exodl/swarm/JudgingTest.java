package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.blob;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.Origin;
import dev.exodl.plan.SwarmChooser;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chunk of a file that is right with the sum 1, and what B and C say and send of it. */
class JudgingTest {
  private static final RepoFile FILE = new RepoFile(new RepoPath("file-0"), 4 * MIB, blob(0));
  private static final int RIGHT = 1;
  private static final int WRONG = 66;

  @TempDir Path folder;
  private SwarmNode node;
  private Swarm swarm;
  private Judging judging;

  @BeforeEach
  void join() {
    node = OneNode.join(folder);
    swarm = node.enter(OneNode.listed(file(0, 4 * MIB)), Map.of());
    // Also because who is no member is forgotten with the view, which may come only now.
    swarm.lock.lock();
    SwarmChooser chooser =
        new SwarmChooser(swarm.blobs, swarm.maps, List.of(0), 4, 4, new Random(1));
    chooser.peer(B, Nearness.FAR);
    chooser.peer(C, Nearness.FAR);
    judging = new Judging(swarm, node, List.of(FILE), chooser);
    // As a part that is cut as the swarm cuts it.
    swarm.opened(FILE, new Ids.Part(4 * MIB, swarm.chunkSize()));
  }

  @AfterEach
  void leave() {
    swarm.lock.unlock();
    node.close();
  }

  /** It holds the chunk, and told its sum if that is not 0. */
  private void holds(NodeId peer, int sum, boolean done) {
    List<Integer> sums = sum == 0 ? List.of() : List.of(sum);
    var held = List.of(new SwarmMessage.HeldChunks(0, bits(0), sums));
    swarm.told(peer, new SwarmMessage.Have(swarm.id(), true, held, done));
  }

  /** The peer is asked for it, and this comes. Whether it is kept. */
  private boolean sends(NodeId peer, int sum) {
    judging.asks(peer, FILE);
    return judging.came(new Origin.Peer(peer), 0, 0, sum);
  }

  private void isDoubted(NodeId peer, boolean hub) {
    Doubts.Doubt doubt = judging.doubt(0, bits(0), hub);
    assertNotNull(doubt);
    assertEquals(peer, doubt.of());
  }

  @Test
  void whoSaidThatItHasAllAndSendsWrongBytesLied() {
    holds(B, 0, true);
    assertTrue(sends(B, WRONG));
    isDoubted(B, true);
    assertTrue(judging.came(Origin.HUB, 0, 0, RIGHT));
    assertTrue(node.isShunned(B));
  }

  @Test
  void whoPassesOnWhatItHadNotVerifiedIsNoLiarButItsSumsCountNoMore() {
    holds(B, WRONG, false);
    assertTrue(sends(B, WRONG));
    // It found that out itself meanwhile.
    holds(B, RIGHT, true);
    isDoubted(B, true);
    assertTrue(judging.came(Origin.HUB, 0, 0, RIGHT));
    assertFalse(node.isShunned(B));
    assertEquals(OptionalInt.empty(), swarm.maps.crc(0, 0));
    holds(B, RIGHT, true);
    assertEquals(OptionalInt.empty(), swarm.maps.crc(0, 0));
  }

  @Test
  void norIsItWhenTheHubSaysWhatAnotherOneTold() {
    holds(C, RIGHT, false);
    holds(B, WRONG, false);
    assertFalse(sends(B, WRONG));
    assertTrue(judging.came(Origin.HUB, 0, 0, RIGHT));
    assertFalse(node.isShunned(B));
  }

  @Test
  void norIsItWithoutAHubWhenTheFileHasItsHash() {
    holds(B, WRONG, false);
    assertTrue(sends(B, WRONG));
    isDoubted(B, false);
    while (!sends(C, RIGHT)) {
      // As long as there may be somebody else who says who is right.
    }
    judging.whole(FILE);
    assertFalse(node.isShunned(B));
    assertFalse(node.isShunned(C));
  }

  @Test
  void whoHasAllIsNamedWithoutAHubWhenTheFileHasItsHash() {
    holds(B, 0, true);
    assertTrue(sends(B, WRONG));
    isDoubted(B, false);
    assertTrue(sends(C, RIGHT));
    judging.whole(FILE);
    assertTrue(node.isShunned(B));
    assertFalse(node.isShunned(C));
  }

  @Test
  void whoSendsOtherBytesThanItToldItselfLiedInAnyCase() {
    holds(B, RIGHT, false);
    assertFalse(sends(B, WRONG));
    assertTrue(node.isShunned(B));
  }
}
