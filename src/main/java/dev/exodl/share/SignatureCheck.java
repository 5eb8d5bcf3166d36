package dev.exodl.share;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Whether requests are signed by somebody who knows the secret, now and for the first time. */
final class SignatureCheck {
  /** How far the time of a signature may be from ours, in seconds. */
  static final long NEAR = 60;

  /** Of good signatures only, so that a stranger cannot fill the memory. */
  private static final int MOST_NONCES = 1 << 18;

  private final SecretKeySpec key;
  private final LongSupplier seconds;

  /** Nonces by the second they were signed in. Guarded by this. */
  private final TreeMap<Long, Set<Long>> seen = new TreeMap<>();

  private int count;

  /** A check by a clock that gives seconds since 1970. */
  SignatureCheck(byte[] secret, LongSupplier seconds) {
    this.key = RequestSignature.key(secret);
    this.seconds = seconds;
  }

  /**
   * Why a request is refused; null when it is good.
   *
   * @param server the address it came in at
   */
  @Nullable String refusal(
      String path,
      @Nullable String range,
      @Nullable String authorization,
      InetAddress server,
      int port) {
    RequestSignature given = RequestSignature.parse(authorization);
    if (given == null) {
      return "the request is not signed with a cluster key";
    }
    RequestSignature right =
        RequestSignature.sign(
            key, path, range == null ? "" : range, given.time(), given.nonce(), server, port);
    if (!right.isSameAs(given)) {
      return "the request is signed with another cluster key, or for another address";
    }
    long now = seconds.getAsLong();
    if (Math.abs(now - given.time()) > NEAR) {
      return "the signature is of another time, the clocks differ";
    }
    return isNew(given, now) ? null : "the signature was used before";
  }

  private synchronized boolean isNew(RequestSignature given, long now) {
    while (!seen.isEmpty() && seen.firstKey() < now - NEAR) {
      count -= seen.pollFirstEntry().getValue().size();
    }
    boolean fresh =
        count < MOST_NONCES
            && seen.computeIfAbsent(given.time(), t -> new HashSet<>())
                .add(Long.parseUnsignedLong(given.nonce(), 16));
    count += fresh ? 1 : 0;
    return fresh;
  }

  /** Nonces that are remembered now. */
  synchronized int remembered() {
    return count;
  }
}
