package dev.exodl.emulator;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Puts answers on the wire, in the way that their delivery says. */
final class AnswerWriter {

  private static final int SLICE = 64 << 10;
  private static final int CHUNK_FRAME = 16;
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          entry(200, "OK"),
          entry(206, "Partial Content"),
          entry(301, "Moved Permanently"),
          entry(302, "Found"),
          entry(303, "See Other"),
          entry(304, "Not Modified"),
          entry(307, "Temporary Redirect"),
          entry(308, "Permanent Redirect"),
          entry(400, "Bad Request"),
          entry(401, "Unauthorized"),
          entry(403, "Forbidden"),
          entry(404, "Not Found"),
          entry(408, "Request Timeout"),
          entry(416, "Range Not Satisfiable"),
          entry(429, "Too Many Requests"),
          entry(500, "Internal Server Error"),
          entry(502, "Bad Gateway"),
          entry(503, "Service Unavailable"),
          entry(504, "Gateway Timeout"));

  private final Socket socket;
  private final OutputStream out;
  private final RequestReader reader;
  private final HubSettings settings;
  private final RateCap connectionCap;
  private final byte[] buffer = new byte[CHUNK_FRAME + SLICE + 2];

  AnswerWriter(Socket socket, RequestReader reader, HubSettings settings) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.reader = reader;
    this.settings = settings;
    this.connectionCap = new RateCap(0);
  }

  /** Writes the answer; true if the connection can take another request. */
  boolean write(Request request, Answer answer, LoggedRequest log) throws IOException {
    var delivery = answer.delivery;
    var wait = delivery.firstByteAfter.plus(settings.latency());
    if (!pause(wait)) {
      return false;
    }
    if (delivery.dropped) {
      reset();
      return false;
    }
    if (delivery.garbage != null) {
      out.write(delivery.garbage);
      log.add(delivery.garbage.length);
      return false;
    }
    boolean keep = request.keepsAlive();
    out.write(head(answer, keep));
    if (request.isHead() || !answer.hasBody()) {
      return keep && !delivery.closedQuietly;
    }
    return body(answer, log) && keep && !delivery.closedQuietly;
  }

  private static byte[] head(Answer answer, boolean keep) {
    var head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(' ');
    head.append(REASONS.getOrDefault(answer.status(), "Unknown")).append("\r\n");
    for (var header : answer.headers()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    head.append("Date: ").append(httpDate(Duration.ZERO)).append("\r\n");
    head.append("Connection: ").append(keep ? "keep-alive" : "close").append("\r\n");
    if (answer.isChunked()) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (answer.hasBody()) {
      head.append("Content-Length: ")
          .append(answer.length() + answer.delivery.lengthError)
          .append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  static String httpDate(Duration fromNow) {
    var at = ZonedDateTime.now(ZoneOffset.UTC).plus(fromNow).plusNanos(999_999_999);
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(at);
  }

  private boolean body(Answer answer, LoggedRequest log) throws IOException {
    var delivery = answer.delivery;
    connectionCap.set(delivery.rate > 0 ? delivery.rate : settings.perConnectionRate());
    boolean cut = delivery.endAt >= 0 && delivery.endAt < answer.length();
    long until = cut ? delivery.endAt : answer.length();
    for (long sent = 0; ; ) {
      if (sent == delivery.stallAt && !pause(delivery.stallFor)) {
        return false;
      }
      if (sent == until) {
        break;
      }
      int n = (int) Math.min(settings.totalCap().slice(connectionCap.slice(SLICE)), until - sent);
      if (delivery.stallAt > sent) {
        n = (int) Math.min(n, delivery.stallAt - sent);
      }
      connectionCap.take(n);
      settings.totalCap().take(n);
      slice(answer, sent, n, log);
      sent += n;
    }
    if (cut && delivery.end == Delivery.End.RESET) {
      pause(
          Duration.ofMillis(
              20)); // lets the kernel hand over what was written: a reset discards the rest
      reset();
      return false;
    }
    if (answer.isChunked() && (!cut || delivery.end == Delivery.End.LAST_CHUNK)) {
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return true;
    }
    return !cut && delivery.lengthError == 0;
  }

  private void slice(Answer answer, long sent, int n, LoggedRequest log) throws IOException {
    long position = answer.offset() + sent;
    answer.content().read(position, buffer, CHUNK_FRAME, n);
    for (var wrong : answer.delivery.wrong) {
      long end = Math.min(wrong.offset() + wrong.length(), position + n);
      for (long i = Math.max(wrong.offset(), position); i < end; i++) {
        int at = CHUNK_FRAME + (int) (i - position);
        buffer[at] = (byte) ~buffer[at];
      }
    }
    int from = CHUNK_FRAME;
    int count = n;
    if (answer.isChunked()) {
      var size = (Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      from -= size.length;
      System.arraycopy(size, 0, buffer, from, size.length);
      buffer[CHUNK_FRAME + n] = '\r';
      buffer[CHUNK_FRAME + n + 1] = '\n';
      count += size.length + 2;
    }
    log.add(n); // before the write, so that a broken connection never shows less than was sent
    out.write(buffer, from, count);
  }

  /** Sleeps; false if the peer has left meanwhile. */
  private boolean pause(Duration duration) {
    long until = System.nanoTime() + duration.toNanos();
    for (long left; (left = until - System.nanoTime()) > 0; ) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      if (reader.peerLeaves((int) Math.min(left / 1_000_000, 100))) {
        return false;
      }
    }
    return true;
  }

  private void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
