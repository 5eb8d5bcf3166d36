package dev.exodl.emulator;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads requests off one connection and can tell whether the peer has gone. */
final class RequestReader {

  private static final int MAX_HEAD = 256 << 10;

  private final Socket socket;
  private final InputStream in;
  private byte[] buffer = new byte[16 << 10];
  private int from;
  private int to;

  RequestReader(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** The next request, or null if the peer closed the connection or was idle for too long. */
  @Nullable Request next(int idleMillis) throws IOException {
    socket.setSoTimeout(idleMillis);
    int end;
    while ((end = endOfHead()) < 0) {
      try {
        if (!fill()) {
          return null;
        }
      } catch (SocketTimeoutException e) {
        return null;
      }
    }
    var lines = new String(buffer, from, end - from, StandardCharsets.UTF_8).split("\r\n");
    from = end + 4;
    var first = lines[0].split(" ");
    if (first.length != 3) {
      throw new IOException("not an HTTP request: " + lines[0]);
    }
    var headers = new TreeMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.merge(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).strip(),
            (a, b) -> a + ", " + b);
      }
    }
    var body = readBody(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    // A proxy gets the whole URL in the first line; the emulator may be spoken to as one.
    var target = first[1].replaceFirst("^https?://[^/?]*", "");
    int question = target.indexOf('?');
    return new Request(
        first[0],
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        first[2],
        headers,
        body);
  }

  /**
   * Waits up to the given time for the peer's end; anything it sends meanwhile is kept for {@link
   * #next}.
   */
  boolean peerLeaves(int millis) {
    try {
      socket.setSoTimeout(Math.max(1, millis));
      return !fill();
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private byte[] readBody(int length) throws IOException {
    while (to - from < length) {
      if (!fill()) {
        throw new EOFException("request body ended early");
      }
    }
    from += length;
    return Arrays.copyOfRange(buffer, from - length, from);
  }

  private int endOfHead() throws IOException {
    for (int i = from; i + 3 < to; i++) {
      if (buffer[i] == '\r'
          && buffer[i + 1] == '\n'
          && buffer[i + 2] == '\r'
          && buffer[i + 3] == '\n') {
        return i;
      }
    }
    if (to - from > MAX_HEAD) {
      throw new IOException("request head over " + MAX_HEAD + " bytes");
    }
    return -1;
  }

  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int n = in.read(buffer, to, buffer.length - to);
    to += Math.max(n, 0);
    return n >= 0;
  }
}
