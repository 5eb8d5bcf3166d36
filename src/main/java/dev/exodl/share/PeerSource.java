package dev.exodl.share;

import dev.exodl.fetch.BodyStream;
import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import dev.exodl.model.RepoFile;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.LongSupplier;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * One other node as a source. What it lost is {@link Trouble.Broken}, what it is too busy to give
 * {@link Trouble.Busy} with the delay it names, another cluster key {@link Trouble.Refused}.
 */
public final class PeerSource implements ChunkSource {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final String host;
  private final int port;
  private final @Nullable SecretKeySpec key;
  private final @Nullable TlsIdentity tls;
  private final Duration patience;
  private final LongSupplier seconds;

  /** Not static: a native image would keep its seed. */
  private final SecureRandom random = new SecureRandom();

  /** What the host's name stood for at the first request. */
  private volatile @Nullable InetAddress address;

  /** How far the peer's clock is ahead of ours, in seconds. */
  private volatile long ahead;

  /**
   * The node that listens at this host and port.
   *
   * @param secret the cluster's, null when there is none
   * @param tls how it is asked, null when not by TLS
   * @param patience how long to wait for a byte
   */
  public PeerSource(
      String host,
      int port,
      byte @Nullable [] secret,
      @Nullable TlsIdentity tls,
      Duration patience) {
    this(host, port, secret, tls, patience, () -> System.currentTimeMillis() / 1000);
  }

  /** With a clock that gives seconds since 1970. */
  PeerSource(
      String host,
      int port,
      byte @Nullable [] secret,
      @Nullable TlsIdentity tls,
      Duration patience,
      LongSupplier seconds) {
    this.seconds = seconds;
    this.tls = tls;
    this.host = host;
    this.port = port;
    this.key = secret == null ? null : RequestSignature.key(secret);
    this.patience = patience;
  }

  /** As the other, with a patience that fits a LAN: 5 seconds. */
  public PeerSource(String host, int port, byte @Nullable [] secret, @Nullable TlsIdentity tls) {
    this(host, port, secret, tls, Duration.ofSeconds(5));
  }

  /** Host and port, for messages. */
  @Override
  public String toString() {
    return host + ":" + port;
  }

  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    ChunkRequest request = new ChunkRequest(file.blob(), range);
    String nonce = nonce();
    PeerAnswer answer = get(request, nonce);
    if (answer.status() == 401 && key != null) {
      // Its clock may differ from ours, or the JDK asked twice over a connection that broke.
      Long time = answer.time(key, nonce);
      ahead = time == null ? 0 : time - seconds.getAsLong();
      answer.explanation();
      answer = get(request, nonce());
    }
    return switch (answer.status()) {
      case 206 -> stream(answer, range);
      case 404 -> {
        answer.explanation();
        throw broken("no longer has all of the bytes asked for");
      }
      case 503 -> {
        Duration delay = answer.retryAfter();
        answer.explanation();
        throw new SourceException(new Trouble.Busy("peer " + this + " is busy", delay));
      }
      case 401, 403 -> throw refused(answer.explanation());
      default -> {
        String said = answer.status() + " (" + answer.explanation() + ")";
        throw broken("answered " + said);
      }
    };
  }

  private ChunkStream stream(PeerAnswer answer, ByteRange range) throws SourceException {
    if (!answer.isOf(range)) {
      answer.drop();
      throw broken("sent another range than was asked for");
    }
    try {
      BodyStream body = new BodyStream(answer, answer.body(), range.offset(), range.end(), true);
      // Of TLS a read gives one record, however many are there.
      return tls == null ? new BatchedStream(body) : body;
    } catch (IOException e) {
      answer.drop();
      throw answer.trouble(e);
    }
  }

  private PeerAnswer get(ChunkRequest request, String nonce) throws SourceException {
    PeerTroubles troubles = new PeerTroubles(toString(), patience);
    HttpURLConnection connection = null;
    try {
      InetAddress at = address();
      connection = (HttpURLConnection) uri(at, request).toURL().openConnection(Proxy.NO_PROXY);
      if (tls != null && connection instanceof HttpsURLConnection https) {
        https.setSSLSocketFactory(tls.client());
        // Who it is shows its certificate, which has no name.
        https.setHostnameVerifier((name, session) -> true);
      }
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(Math.toIntExact(CONNECT.toMillis()));
      connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
      connection.setRequestProperty("User-Agent", "exo-dl");
      connection.setRequestProperty("Accept", "*/*");
      connection.setRequestProperty("Range", request.rangeHeader());
      if (key != null) {
        connection.setRequestProperty("Authorization", sign(key, request, nonce, at).header());
      }
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new IOException("Invalid Http response");
      }
      return new PeerAnswer(connection, status, toString(), troubles);
    } catch (IOException e) {
      if (connection != null) {
        connection.disconnect();
      }
      throw troubles.of(e);
    }
  }

  private InetAddress address() throws UnknownHostException {
    InetAddress known = address;
    if (known == null) {
      known = InetAddress.getByName(host);
      address = known;
    }
    return known;
  }

  private URI uri(InetAddress at, ChunkRequest request) {
    String literal = at.getHostAddress();
    String authority = at instanceof Inet6Address ? "[" + literal + "]" : literal;
    return URI.create(
        (tls == null ? "http://" : "https://") + authority + ":" + port + request.path());
  }

  private String nonce() {
    byte[] nonce = new byte[8];
    random.nextBytes(nonce);
    return HexFormat.of().formatHex(nonce);
  }

  private RequestSignature sign(
      SecretKeySpec secret, ChunkRequest request, String nonce, InetAddress at) {
    return RequestSignature.sign(
        secret,
        request.path(),
        request.rangeHeader(),
        seconds.getAsLong() + ahead,
        nonce,
        at,
        port);
  }

  private SourceException broken(String what) {
    return new SourceException(new Trouble.Broken("peer " + this + " " + what));
  }

  private SourceException refused(String why) {
    return new SourceException(
        new Trouble.Refused(
            new Failure.Cluster(
                "peer " + this + " refuses this node: " + Printable.of(why),
                toString(),
                "give all nodes of the cluster the same key file (--cluster-key), or none")));
  }
}
