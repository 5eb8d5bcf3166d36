package dev.exodl.cluster;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a node sends into the multicast group: "there is a node of this cluster at the address this
 * comes from, at this port", and nothing else. In order: three letters and the version, the port
 * (2), which cluster (8), and a proof that the sender has the cluster's key (16; zeros without
 * one), which holds for this address and port only.
 */
final class Call {
  /** Bytes of each call. */
  static final int LENGTH = 30;

  private static final int MAGIC = ('e' << 24) | ('x' << 16) | ('o' << 8) | 1;
  private static final int PROOF = 16;
  private static final byte[] NO_KEY = new byte[PROOF];

  private final byte[] cluster;
  private final byte @Nullable [] secret;

  /** What a datagram is to a node. */
  sealed interface Heard {
    /** Of this cluster, with its key if it has one. */
    record Ours(int port) implements Heard {}

    /** Of another cluster. */
    record Others() implements Heard {}

    /** Of one with this cluster's name that has another key, or has one where here is none. */
    record WithoutOurKey() implements Heard {}
  }

  /** Calls of the cluster with this name. */
  Call(String cluster, @Nullable ClusterKey key) {
    this.cluster = Arrays.copyOf(sha256(cluster.getBytes(StandardCharsets.UTF_8)), 8);
    this.secret = key == null ? null : key.secret("calls");
  }

  /** The call of a node at this address. */
  byte[] of(InetAddress host, int port) {
    return ByteBuffer.allocate(LENGTH)
        .putInt(MAGIC)
        .putShort((short) port)
        .put(cluster)
        .put(proof(host, port))
        .array();
  }

  /**
   * Reads a datagram; empty when it is no call.
   *
   * @param from where it came from
   */
  Optional<Heard> read(byte[] bytes, int length, InetAddress from) {
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
    if (length != LENGTH || in.getInt() != MAGIC) {
      return Optional.empty();
    }
    int port = Short.toUnsignedInt(in.getShort());
    byte[] whose = new byte[cluster.length];
    byte[] proof = new byte[PROOF];
    in.get(whose).get(proof);
    if (port == 0) {
      return Optional.empty();
    }
    if (!Arrays.equals(whose, cluster)) {
      return Optional.of(new Heard.Others());
    }
    return Optional.of(
        MessageDigest.isEqual(proof, proof(from, port))
            ? new Heard.Ours(port)
            : new Heard.WithoutOurKey());
  }

  private byte[] proof(InetAddress host, int port) {
    if (secret == null) {
      return NO_KEY;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(cluster);
      mac.update(host.getAddress());
      mac.update(new byte[] {(byte) (port >> 8), (byte) port});
      return Arrays.copyOf(mac.doFinal(), PROOF);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each JDK has HMAC-SHA256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each JDK has SHA-256", e);
    }
  }
}
