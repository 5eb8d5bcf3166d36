package dev.exodl.hub;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a commit, page by page. A page that failed may be asked again; those before it are
 * not lost. For one thread.
 */
public final class Listing {
  /** The hub recommends under 100,000 files; this is where a listing is taken for a trap. */
  private static final int MOST_FILES = 5_000_000;

  private static final int MOST_PAGES = 100_000;

  private final HubClient hub;
  private final HubAddresses addresses;
  private final Asked asked;
  private final Set<URI> seen = new HashSet<>();
  private @Nullable URI next;
  private int files;

  Listing(HubClient hub, HubAddresses addresses, Asked asked, URI first) {
    this.hub = hub;
    this.addresses = addresses;
    this.asked = asked;
    this.next = first;
  }

  /** Whether there is a page left. */
  public boolean hasNext() {
    return next != null;
  }

  /**
   * Asks for the next page, once.
   *
   * @throws SourceException trouble of this page; an integrity failure when the listing leads to a
   *     foreign host or never ends
   * @throws NoSuchElementException after the last page
   */
  public List<ListedFile> nextPage() throws SourceException {
    URI page = next;
    if (page == null) {
      throw new NoSuchElementException("no page left");
    }
    Reply reply = hub.ask(page, asked);
    String link = LinkHeader.next(reply.headers().all("Link"));
    List<ListedFile> found = TreePage.read(reply);
    URI after = link == null ? null : followed(page, link);
    seen.add(page);
    files += found.size();
    boolean circle = after != null && (seen.contains(after) || seen.size() >= MOST_PAGES);
    if (circle || files > MOST_FILES) {
      throw refused("the listing goes in a circle or has no end", page);
    }
    next = after;
    return found;
  }

  /**
   * The next page's address at home: the public hub's own name is what a mirror passes on
   * unchanged.
   */
  private URI followed(URI page, String link) throws SourceException {
    URI to = HubTransport.resolve(page, link);
    if (to != null && addresses.isHome(to)) {
      return to;
    }
    if (to != null && HubAddresses.isPublicHub(to)) {
      return addresses.atHome(to);
    }
    throw refused("the listing goes on at another host: " + Printable.of(link), page);
  }

  private static SourceException refused(String what, URI page) {
    return new SourceException(
        new Trouble.Refused(
            new Failure.Integrity(
                what,
                HubAddresses.shown(page),
                "nothing was sent there; report it to whoever runs the endpoint")));
  }
}
