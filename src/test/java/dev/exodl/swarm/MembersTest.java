package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.card;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MembersTest {
  private final Members members = new Members();

  private Members.Change view(NodeId... nodes) {
    return members.view(new ClusterView(List.of(nodes)));
  }

  @Test
  void beforeTheFirstViewNobodyIsThere() {
    assertEquals(List.of(Members.NOBODY), members.all());
    assertEquals(Map.of(), members.cards());
  }

  @Test
  void inTheFirstViewEverybodyIsNew() {
    Members.Change change = view(A, B);
    assertEquals(Set.of(A, B), change.newcomers());
    assertEquals(new Members.Change(Set.of(A, B), Set.of(Members.NOBODY), true), change);
    assertEquals(A, members.coordinator());
  }

  @Test
  void laterViewsTellWhoCameAndWhoWent() {
    view(A, B);
    assertEquals(new Members.Change(Set.of(C), Set.of(B), false), view(A, C));
    assertEquals(new Members.Change(Set.of(), Set.of(), false), view(A, C));
    assertEquals(List.of(A, C), members.all());
  }

  @Test
  void theFirstMemberCoordinates() {
    view(A, B, C);
    assertEquals(new Members.Change(Set.of(), Set.of(A), true), view(B, C));
    assertEquals(B, members.coordinator());
    // After a cut heals another one may go before, though nobody left.
    assertEquals(new Members.Change(Set.of(A), Set.of(), true), view(A, B, C));
  }

  @Test
  void aCardThatComesBeforeTheViewIsGivenWithIt() {
    view(A, B);
    members.card(C, card("early"));
    assertEquals(Optional.empty(), members.card(C));
    assertEquals(Map.of(), members.early());
    view(A, B, C);
    assertEquals(Map.of(C, card("early")), members.early());
    assertEquals(Map.of(), members.early(), "once");
    members.card(C, card("early"));
    assertEquals(Optional.of(card("early")), members.card(C));
  }

  private Members.Change merge(long number, List<Set<NodeId>> parts, NodeId... nodes) {
    ClusterView view = new ClusterView(List.of(nodes), number, parts);
    return members.view(view).with(view.apartFrom(A));
  }

  @Test
  void afterAMergeThoseAreNewcomersThatWereApart() {
    merge(1, List.of(), A, B, C);
    assertEquals(
        new Members.Change(Set.of(C), Set.of(), true),
        merge(5, List.of(Set.of(A, B), Set.of(C)), A, B, C),
        "this node did not see that it was gone, but it did");
    view(A, B);
    assertEquals(
        new Members.Change(Set.of(C), Set.of(), true),
        merge(9, List.of(Set.of(A, B), Set.of(C)), A, B, C));
  }

  @Test
  void anEarlyCardOfWhoLeavesOrSaysMoreIsForgotten() {
    view(A);
    members.card(B, card("one"));
    members.card(B, card("two"));
    members.card(C, card("gone"));
    members.leaving(C);
    view(A, B, C);
    assertEquals(Map.of(B, card("two")), members.early());
  }

  @Test
  void aCardIsKeptAsLongAsItsNodeIsThere() {
    view(A, B);
    members.card(B, card("one"));
    assertEquals(Optional.of(card("one")), members.card(B));
    members.card(B, card("two"));
    assertEquals(Map.of(B, card("two")), members.cards());
    view(A);
    view(A, B);
    assertEquals(Optional.empty(), members.card(B), "whoever comes back tells anew");
  }

  @Test
  void aStrangersCardIsNotKept() {
    view(A, B);
    members.card(C, card("stranger"));
    assertEquals(Map.of(), members.cards());
  }

  @Test
  void whoLeavesHasNoCardThoughNoViewSaysSoYet() {
    view(A, B);
    members.card(B, card("one"));
    members.leaving(B);
    assertEquals(Optional.empty(), members.card(B));
    assertEquals(List.of(A, B), members.all());
  }

  @Test
  void aNodeIsNamedByItsCardAndElseByItsDigits() {
    view(A, B);
    members.card(B, card("host/12"));
    assertEquals("host/12 (10.0.0.1)", members.name(B));
    assertEquals("node aaaaaa", members.name(A));
  }
}
