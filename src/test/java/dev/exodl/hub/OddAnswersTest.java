package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Revision;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OddAnswersTest {
  private static final String SHA = "a".repeat(40);
  private static final String FILE =
      "[{\"type\":\"file\",\"path\":\"%s\",\"oid\":\""
          + SHA
          + "\",\"size\":1,\"new\":{\"x\":[1]}}]";
  private static final Commit COMMIT = new Commit(SHA);

  private static Failure failure(OddServer server) {
    return HubFixture.failure(
        Failure.class, () -> server.client().resolve(HubFixture.REPO, Revision.MAIN));
  }

  @Test
  void refusesAnEndlessListing() {
    String one = FILE.formatted("x");
    byte[] row = (one.substring(1, one.length() - 1) + ",").getBytes(StandardCharsets.UTF_8);
    try (OddServer server =
        new OddServer(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              try (OutputStream out = exchange.getResponseBody()) {
                out.write('[');
                while (true) {
                  out.write(row);
                }
              }
            })) {
      Failure.Integrity failure =
          HubFixture.failure(
              Failure.Integrity.class, () -> server.client().list(HubFixture.REPO, COMMIT));
      assertTrue(failure.what().contains("endless or absurd"), failure.what());
    }
  }

  @Test
  void refusesAListingThatGoesInACircle() {
    try (OddServer server =
        new OddServer(
            exchange -> {
              String next = exchange.getRequestURI().getQuery().contains("cursor=b") ? "a" : "b";
              exchange
                  .getResponseHeaders()
                  .set(
                      "Link",
                      "<"
                          + exchange.getRequestURI().getPath()
                          + "?cursor="
                          + next
                          + ">; rel=\"next\"");
              OddServer.answer(exchange, 200, "application/json", FILE.formatted(next));
            })) {
      Failure.Integrity failure =
          HubFixture.failure(
              Failure.Integrity.class, () -> server.client().list(HubFixture.REPO, COMMIT));
      assertTrue(failure.what().contains("circle"), failure.what());
      assertEquals(3, server.paths.size());
    }
  }

  @Test
  void aMirrorsListingThatNamesThePublicHubGoesOnAtTheMirror() throws SourceException {
    try (OddServer server =
        new OddServer(
            exchange -> {
              boolean first = !exchange.getRequestURI().toString().contains("cursor=");
              if (first) {
                exchange
                    .getResponseHeaders()
                    .set(
                        "Link",
                        "<https://huggingface.co"
                            + exchange.getRequestURI().getPath().substring("/hf".length())
                            + "?recursive=true&cursor=Zm9v%3D>; rel=\"next\"");
              }
              OddServer.answer(
                  exchange, 200, "application/json", FILE.formatted(first ? "one" : "two"));
            })) {
      HubClient client =
          new HubClient(
              HubSettings.of(HubSettings.endpoint(server.url() + "/hf/")), HubListener.NONE);
      assertEquals(2, client.list(HubFixture.REPO, COMMIT).size());
      assertEquals(
          "/hf/api/models/org/tiny/tree/" + SHA + "?recursive=true&cursor=Zm9v%3D",
          server.paths.getLast());
    }
  }

  @Test
  void refusesAnEntryWithoutSizeAndHash() {
    try (OddServer server =
        new OddServer(
            exchange ->
                OddServer.answer(
                    exchange,
                    200,
                    "application/json",
                    "[{\"type\":\"file\",\"path\":\"x\",\"oid\":\"../../etc\",\"size\":1}]"))) {
      Failure.Integrity failure =
          HubFixture.failure(
              Failure.Integrity.class, () -> server.client().list(HubFixture.REPO, COMMIT));
      assertEquals("the listing's entry 'x' has no usable size and hash", failure.what());
    }
  }

  @Test
  void tellsAnswersThatAreNotTheHubs() {
    for (String body :
        new String[] {"<html>log in</html>", "hello", "[]", "{}", "{\"sha\": 5}", "{\"a\":}"}) {
      try (OddServer server =
          new OddServer(exchange -> OddServer.answer(exchange, 200, "text/plain", body))) {
        Failure failure = failure(server);
        assertTrue(failure instanceof Failure.Network, body);
        assertTrue(
            failure.what().contains("is not the hub, or a proxy is in between"), failure.what());
      }
    }
  }

  @Test
  void tellsAnAnswerThatEndsEarlyAsWorthARetry() {
    try (OddServer server =
        new OddServer(
            exchange -> OddServer.answer(exchange, 200, "application/json", "{\"sha\": \"aaaa"))) {
      HubFixture.trouble(
          Trouble.Broken.class, () -> server.client().resolve(HubFixture.REPO, Revision.MAIN));
    }
  }

  @Test
  void endsRedirectsInACircleAndWithoutEnd() {
    try (OddServer server =
        new OddServer(e -> OddServer.redirect(e, e.getRequestURI().toString()))) {
      assertTrue(failure(server).what().contains("redirects in a circle"));
      assertEquals(1, server.paths.size());
    }
    AtomicInteger n = new AtomicInteger();
    try (OddServer server = new OddServer(e -> OddServer.redirect(e, "/" + n.incrementAndGet()))) {
      assertTrue(failure(server).what().contains("more than 10 times"));
      assertEquals(11, server.paths.size());
    }
  }

  @Test
  void sendsTheTokenAlongRedirectsAtHome() throws SourceException {
    try (OddServer server =
        new OddServer(
            e -> {
              if (e.getRequestURI().getPath().startsWith("/api")) {
                OddServer.redirect(e, "/moved?x=\"quoted\" |");
              } else {
                OddServer.answer(e, 200, "application/json", "{\"sha\":\"" + SHA + "\"}");
              }
            })) {
      assertEquals(COMMIT, server.client().resolve(HubFixture.REPO, Revision.MAIN));
      assertEquals(2, server.tokens.size());
      assertEquals("/moved?x=%22quoted%22%20%7C", server.paths.getLast());
    }
  }

  @Test
  void tellsARedirectToNowhere() {
    for (String location : new String[] {"ftp://x/y", "http://", "http://user@host/"}) {
      try (OddServer server = new OddServer(e -> OddServer.redirect(e, location))) {
        Trouble.Broken broken =
            HubFixture.trouble(
                Trouble.Broken.class,
                () -> server.client().resolve(HubFixture.REPO, Revision.MAIN));
        assertTrue(broken.what().contains("redirected to '"), broken.what());
      }
    }
  }
}
