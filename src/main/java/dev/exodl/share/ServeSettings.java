package dev.exodl.share;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How a node serves.
 *
 * @param bind the one address to listen at
 * @param port 0 for any free one
 * @param maxBytesPerSecond over all peers, 0 for no cap
 * @param maxRequests answers with bytes at the same time
 * @param maxRequestsPerPeer of them to one address
 * @param secret what askers have to know, null when anybody may ask
 * @param tls how chunks are encrypted, null when they are not
 */
// Settings are made once and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record ServeSettings(
    InetAddress bind,
    int port,
    long maxBytesPerSecond,
    int maxRequests,
    int maxRequestsPerPeer,
    byte @Nullable [] secret,
    @Nullable TlsIdentity tls) {
  public ServeSettings {
    if (port < 0 || port > 65_535 || maxBytesPerSecond < 0) {
      throw new IllegalArgumentException("no way to serve: " + port + ", " + maxBytesPerSecond);
    }
    if (maxRequests < 1 || maxRequestsPerPeer < 1) {
      throw new IllegalArgumentException("nothing could be served");
    }
    secret = secret == null ? null : secret.clone();
  }

  @Override
  public byte @Nullable [] secret() {
    return secret == null ? null : secret.clone();
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "serve at "
        + bind.getHostAddress()
        + ":"
        + port
        + (secret == null ? "" : " with a key")
        + (tls == null ? "" : " by TLS");
  }
}
