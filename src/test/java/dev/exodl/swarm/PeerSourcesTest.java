package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.blob;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.exodl.cluster.ClusterView;
import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.ByteRange;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.SwarmMessage;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerSourcesTest {
  private final Members members = new Members();
  private final Map<NodeId, InetAddress> hosts = new HashMap<>();
  private final List<String> details = new ArrayList<>();
  private final PeerSources sources =
      new PeerSources(members, hosts::get, null, null, details::add);

  private void card(String host, int port) {
    members.view(new ClusterView(List.of(A, B)));
    members.card(B, new SwarmMessage.Card("b", host, port, "", "", true, false));
  }

  private static String trouble(ChunkSource source) {
    RepoFile file = new RepoFile(new RepoPath("file"), 5, blob(0));
    return assertThrows(SourceException.class, () -> source.open(file, new ByteRange(0, 5)))
        .trouble()
        .what();
  }

  @Test
  void aNodeIsAskedWhereTheClusterKnowsItAndAtThePortOfItsCard() {
    card("192.0.2.7", 7872);
    hosts.put(B, InetAddress.ofLiteral("192.0.2.7"));
    assertEquals("192.0.2.7:7872", sources.of(B).toString());
    assertEquals(List.of(), details);
  }

  @Test
  void aCardThatNamesAnotherMachineLeadsNobodyThere() {
    card("198.51.100.1", 443);
    hosts.put(B, InetAddress.ofLiteral("192.0.2.7"));
    assertEquals("192.0.2.7:443", sources.of(B).toString());
    assertEquals("192.0.2.7:443", sources.of(B).toString());
    assertEquals(
        List.of("b (198.51.100.1) is at 192.0.2.7, whatever its card says: asked there"), details);
  }

  @Test
  void twoWaysToWriteAnAddressAreOneAddress() {
    card("[2001:db8::1]", 7872);
    hosts.put(B, InetAddress.ofLiteral("2001:db8:0:0:0:0:0:1"));
    sources.of(B);
    assertEquals(List.of(), details);
  }

  @Test
  void whoLeftOrHasNoAddressYetGivesNothing() {
    assertEquals("node bbbbbb left", trouble(sources.of(B)));
    card("192.0.2.7", 7872);
    assertEquals("node bbbbbb has no address yet", trouble(sources.of(B)));
    hosts.put(B, InetAddress.ofLiteral("192.0.2.7"));
    assertEquals("192.0.2.7:7872", sources.of(B).toString());
    sources.forget(B);
    hosts.put(B, InetAddress.ofLiteral("192.0.2.8"));
    assertEquals("192.0.2.8:7872", sources.of(B).toString());
  }
}
