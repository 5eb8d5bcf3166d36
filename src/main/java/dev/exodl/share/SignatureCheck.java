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
  /** How far before our time a signature may be made, in seconds. */
  static final long NEAR = 60;

  /**
   * How far after it. What is remembered of signatures is gone when this process starts again, and
   * what was made before is not taken then: only as long as this a signature is good twice.
   */
  static final long AHEAD = 5;

  /** Of good signatures only, so that a stranger cannot fill the memory. */
  private static final int MOST_NONCES = 1 << 18;

  private final SecretKeySpec key;
  private final LongSupplier seconds;
  private final long start;

  /**
   * Why a request is refused.
   *
   * @param stranger whether it shows no knowledge of the secret
   */
  record Refusal(String why, boolean stranger) {}

  /** Nonces by the second they were signed in. Guarded by this. */
  private final TreeMap<Long, Set<Long>> seen = new TreeMap<>();

  private int count;

  /** A check by a clock that gives seconds since 1970 and is never set back. */
  SignatureCheck(byte[] secret, LongSupplier seconds) {
    this.key = RequestSignature.key(secret);
    this.seconds = seconds;
    this.start = seconds.getAsLong();
  }

  /**
   * Why a request is refused; null when it is good.
   *
   * @param server the address it came in at
   */
  @Nullable Refusal refusal(
      String path,
      @Nullable String range,
      @Nullable String authorization,
      InetAddress server,
      int port) {
    RequestSignature given = RequestSignature.parse(authorization);
    if (given == null) {
      return new Refusal("the request is not signed with a cluster key", true);
    }
    RequestSignature right =
        RequestSignature.sign(
            key, path, range == null ? "" : range, given.time(), given.nonce(), server, port);
    if (!right.isSameAs(given)) {
      return new Refusal(
          "the request is signed with another cluster key, or for another address", true);
    }
    long now = seconds.getAsLong();
    if (now - given.time() > NEAR || given.time() - now > AHEAD) {
      return new Refusal("the signature is of another time, the clocks differ", false);
    }
    if (given.time() < start) {
      return new Refusal("the signature was made before this node started", false);
    }
    return isNew(given, now) ? null : new Refusal("the signature was used before", false);
  }

  /** Our time, for who asked so, and what shows that it is ours; null when it is no signature. */
  @Nullable String time(@Nullable String authorization) {
    RequestSignature given = RequestSignature.parse(authorization);
    long now = seconds.getAsLong();
    return given == null
        ? null
        : "t=" + now + ", s=" + RequestSignature.ofTime(key, now, given.nonce());
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
