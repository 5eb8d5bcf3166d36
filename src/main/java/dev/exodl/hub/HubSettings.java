package dev.exodl.hub;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the hub is reached.
 *
 * @param endpoint the hub or a mirror, without a slash at its end; may have a path
 * @param metadataTimeout without data on questions to the hub, and for connecting
 * @param downloadTimeout without data on a file's bytes
 * @param userAgent the header's text, see {@link UserAgent}
 * @param caFile PEM certificates to trust in place of the Java runtime's: a file, or a folder of
 *     files
 */
public record HubSettings(
    URI endpoint,
    @Nullable Token token,
    Duration metadataTimeout,
    Duration downloadTimeout,
    String userAgent,
    ProxyRules proxies,
    @Nullable Path caFile) {
  public static final URI PUBLIC_HUB = URI.create("https://huggingface.co");

  /** As huggingface_hub's {@code constants.py}, for both timeouts. */
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** The given endpoint with defaults for all else: no token, no proxy. */
  public static HubSettings of(URI endpoint) {
    return new HubSettings(
        endpoint,
        null,
        TIMEOUT,
        TIMEOUT,
        UserAgent.text("dev", null, false),
        ProxyRules.NONE,
        null);
  }

  /** Of this program, as the user agent tells it. */
  public String version() {
    return userAgent.replaceFirst(";.*", "").replaceFirst("^[^/]*/", "");
  }

  public HubSettings withToken(@Nullable Token other) {
    return new HubSettings(
        endpoint, other, metadataTimeout, downloadTimeout, userAgent, proxies, caFile);
  }

  public HubSettings withTimeouts(Duration metadata, Duration download) {
    return new HubSettings(endpoint, token, metadata, download, userAgent, proxies, caFile);
  }

  public HubSettings withProxies(ProxyRules other) {
    return new HubSettings(
        endpoint, token, metadataTimeout, downloadTimeout, userAgent, other, caFile);
  }

  public HubSettings withCaFile(@Nullable Path other) {
    return new HubSettings(
        endpoint, token, metadataTimeout, downloadTimeout, userAgent, proxies, other);
  }

  /**
   * An endpoint as a user writes it; slashes at the end are dropped.
   *
   * @throws FailureException usage failure when it is not an http or https address of a host
   */
  public static URI endpoint(String text) {
    String bare = text.strip();
    while (bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    URI uri;
    try {
      uri = new URI(bare);
    } catch (URISyntaxException e) {
      throw bad(text, "it is not an address");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw bad(text, "it has to start with https:// or http:// and a host");
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw bad("it", "it may only have a host, a port and a path");
    }
    return uri;
  }

  private static FailureException bad(String text, String why) {
    return new FailureException(
        new Failure.Usage(
            "'" + Printable.of(text) + "' cannot be the hub's address: " + why,
            "--endpoint or HF_ENDPOINT",
            "give it like " + PUBLIC_HUB));
  }
}
