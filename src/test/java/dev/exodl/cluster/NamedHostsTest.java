package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NamedHostsTest {
  private static final InetSocketAddress SELF =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 7820);

  private final List<String> details = new ArrayList<>();
  private final List<CompletableFuture<NameLookup.Answer>> questions = new ArrayList<>();
  private final NamedHosts hosts =
      new NamedHosts(
          List.of(new HostPort("slow", 7901), new HostPort("203.0.113.5", 7902)),
          details::add,
          host -> {
            CompletableFuture<NameLookup.Answer> question =
                host.equals("slow") ? new CompletableFuture<>() : NameLookup.of(host);
            questions.add(question);
            return question;
          });

  @Test
  void aNameServiceThatDoesNotAnswerHoldsNothingUp() throws Exception {
    InetSocketAddress known = new InetSocketAddress(InetAddress.getByName("203.0.113.5"), 7902);
    assertEquals(Set.of(known), hosts.addresses(SELF));
    assertEquals(Set.of(known), hosts.addresses(SELF));
    assertEquals(List.of("peer slow: the name service does not answer"), details);
    assertEquals(2, questions.size(), "nothing is asked again before it is answered");
    InetAddress late = InetAddress.getByName("203.0.113.6");
    questions.getFirst().complete(new NameLookup.Answer.Addresses(List.of(late)));
    assertEquals(Set.of(new InetSocketAddress(late, 7901), known), hosts.addresses(SELF));
  }

  @Test
  void aNameThatIsUnknownHasNoAddress() {
    questions.clear();
    hosts.addresses(SELF);
    questions.getFirst().complete(new NameLookup.Answer.Unknown());
    assertEquals(1, hosts.addresses(SELF).size());
    assertTrue(details.contains("peer slow: the name service does not answer"), details + "");
  }

  @Test
  void whatANameServiceSaidIsNotKeptLongerThanItIsAskedAgain() throws Exception {
    NameLookup.of("127.0.0.1").get();
    assertEquals("2", Security.getProperty("networkaddress.cache.ttl"));
    assertEquals("0", Security.getProperty("networkaddress.cache.negative.ttl"));
    // The image has to have these.
    Class<?> policy = Class.forName("sun.net.InetAddressCachePolicy");
    for (Field field : NativeAnswers.class.getDeclaredFields()) {
      assertEquals(field.getType(), policy.getDeclaredField(field.getName()).getType());
    }
  }

  @Test
  void aNameThatCannotBeLookedUpIsNamed() {
    String said = Discovery.peers("nosuch.invalid,127.0.0.1").trouble().orElseThrow();
    assertTrue(said.startsWith("the name nosuch.invalid "), said);
    assertTrue(Discovery.peers("127.0.0.1").trouble().isEmpty());
    assertTrue(Discovery.multicast().trouble().isEmpty());
  }
}
