package dev.exodl.hub;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoPath;
import dev.exodl.model.Revision;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * The hub's addresses below one endpoint, and which address is at home. Paths as in huggingface_hub
 * {@code hf_api.py} and {@code file_download.py}: a revision is one quoted segment, a file's path
 * keeps its slashes.
 */
final class HubAddresses {
  private static final Set<String> PUBLIC_HOSTS =
      Set.of("huggingface.co", "www.huggingface.co", "hf.co");

  private final URI endpoint;

  HubAddresses(URI endpoint) {
    this.endpoint = endpoint;
  }

  URI revision(Repo repo, Revision revision) {
    return URI.create(api(repo) + "/revision/" + quoted(revision.name(), false));
  }

  URI tree(Repo repo, Commit commit) {
    return URI.create(api(repo) + "/tree/" + commit.hex() + "?recursive=true&expand=false");
  }

  URI file(Repo repo, Commit commit, RepoPath path) {
    String inRepo = "/resolve/" + commit.hex() + "/" + quoted(path.value(), true);
    return URI.create(endpoint + "/" + repo.type().urlPrefix() + repo.id() + inRepo);
  }

  URI whoami() {
    return URI.create(endpoint + "/api/whoami-v2");
  }

  /** The page where a person sees the repo. */
  String page(Repo repo) {
    return endpoint + "/" + repo.type().urlPrefix() + repo.id();
  }

  private String api(Repo repo) {
    return endpoint + "/api/" + repo.type().plural() + "/" + repo.id();
  }

  /** Whether scheme, host and port are the endpoint's: the only place for the token. */
  boolean isHome(URI address) {
    return origin(address).equals(origin(endpoint));
  }

  /** Whether this is a host of the public hub, over TLS. */
  static boolean isPublicHub(URI address) {
    return "https".equalsIgnoreCase(address.getScheme())
        && port(address) == 443
        && PUBLIC_HOSTS.contains(String.valueOf(address.getHost()).toLowerCase(Locale.ROOT));
  }

  /**
   * The same path and query below the endpoint, for addresses of the public hub that a mirror
   * passed on.
   */
  URI atHome(URI address) {
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    return URI.create(endpoint + address.getRawPath() + query);
  }

  /** Scheme, host and port in one form, so that equal origins are equal texts. */
  static String origin(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    return scheme + "://" + host + ":" + port(address);
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
  }

  /** The address without its query, which may be a signature: fit for messages. */
  static String shown(URI address) {
    String text = address.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  private static String quoted(String text, boolean keepSlash) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || "-._~".indexOf(c) >= 0 || (keepSlash && c == '/')) {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }
}
