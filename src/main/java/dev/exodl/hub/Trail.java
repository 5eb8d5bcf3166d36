package dev.exodl.hub;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/**
 * The addresses that one request has been sent on to: no circles, no end without end, never from
 * TLS to plain text.
 */
final class Trail {
  private static final int LONGEST = 10;

  private final Set<URI> seen = new HashSet<>();

  Trail(URI start) {
    seen.add(start);
  }

  /**
   * Where a redirect leads.
   *
   * @throws SourceException when it must not or cannot be followed
   */
  URI next(Reply redirect) throws SourceException {
    URI from = redirect.address();
    String location = redirect.header("Location");
    URI to = location == null ? null : HubTransport.resolve(from, location);
    if (to == null) {
      String where = location == null ? "nowhere" : "'" + Printable.of(location) + "'";
      throw new SourceException(
          new Trouble.Broken(from.getAuthority() + " redirected to " + where));
    }
    if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme())) {
      throw refused(
          from,
          from.getAuthority() + " redirected to the plain-text address " + HubAddresses.shown(to),
          "nothing was sent there; check the endpoint, and what is in between");
    }
    if (!seen.add(to) || seen.size() > LONGEST + 1) {
      throw refused(
          from,
          from.getAuthority() + " redirects in a circle or more than " + LONGEST + " times",
          "check the endpoint's address, or try again later");
    }
    return to;
  }

  private static SourceException refused(URI from, String what, String next) {
    return new SourceException(
        new Trouble.Refused(new Failure.Network(what, HubAddresses.shown(from), next)));
  }
}
