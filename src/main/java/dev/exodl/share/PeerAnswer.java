package dev.exodl.share;

import dev.exodl.fetch.BodyStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A peer's answer: status and headers are here, the body is still on its way. */
record PeerAnswer(HttpURLConnection connection, int status, String host, PeerTroubles troubles)
    implements BodyStream.Answer {
  private static final int EXPLANATION = 1000;

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
   * By how many seconds the peer's clock is ahead of ours, which says {@code now}; 0 when it does
   * not tell its time.
   */
  long ahead(long now) {
    long told = connection.getHeaderFieldDate("Date", 0);
    return told == 0 ? 0 : told / 1000 - now;
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
