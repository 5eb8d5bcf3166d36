package dev.exodl.share;

import dev.exodl.fetch.BodyStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A peer's answer: status and headers are here, the body is still on its way. */
record PeerAnswer(HttpURLConnection connection, int status, String host, PeerTroubles troubles)
    implements BodyStream.Answer {
  private static final int EXPLANATION = 1000;
  private static final Pattern TIME = Pattern.compile("t=([0-9]{1,12}), s=([0-9a-f]{64})");

  InputStream body() throws IOException {
    return connection.getInputStream();
  }

  /** Whether the body is just these bytes. */
  boolean isOf(ByteRange range) {
    String told = connection.getHeaderField("Content-Range");
    String wanted = "bytes " + range.offset() + "-" + (range.end() - 1) + "/";
    return told != null
        && told.startsWith(wanted)
        && connection.getContentLengthLong() == range.length();
  }

  /** What the peer says in place of bytes; the connection can be used again. */
  String explanation() {
    InputStream error = connection.getErrorStream();
    if (error == null) {
      return "";
    }
    try (error) {
      String text = new String(error.readNBytes(EXPLANATION), StandardCharsets.UTF_8).strip();
      if (error.read() >= 0) {
        drop();
      }
      return text;
    } catch (IOException e) {
      drop();
      return "";
    }
  }

  /** How long to wait before asking again; null when the peer does not say. */
  @Nullable Duration retryAfter() {
    String told = connection.getHeaderField("Retry-After");
    return told != null && told.matches("[0-9]{1,4}")
        ? Duration.ofSeconds(Long.parseLong(told))
        : null;
  }

  /**
   * The peer's time in seconds since 1970, told to who asked with this nonce; null when it does not
   * show that it knows the secret: who is in between could have requests signed for any time.
   */
  @Nullable Long time(SecretKeySpec key, String nonce) {
    String told = connection.getHeaderField("Exo-Time");
    Matcher m = TIME.matcher(told == null ? "" : told);
    if (!m.matches()) {
      return null;
    }
    long time = Long.parseLong(m.group(1));
    byte[] right = RequestSignature.ofTime(key, time, nonce).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(right, m.group(2).getBytes(StandardCharsets.US_ASCII))
        ? time
        : null;
  }

  @Override
  public SourceException trouble(IOException e) {
    return troubles.of(e);
  }

  @Override
  public void drop() {
    connection.disconnect();
  }
}
