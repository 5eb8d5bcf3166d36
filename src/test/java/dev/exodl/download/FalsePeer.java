package dev.exodl.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A chunk server that answers every request, and never with what was asked for. */
final class FalsePeer implements AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("(?i)range: bytes=(\\d+)-(\\d+)");

  /** Sends the body of an answer. */
  @FunctionalInterface
  interface Body {
    void send(OutputStream out, int length) throws IOException, InterruptedException;
  }

  /** So many zeros as were asked for. */
  static final Body ZEROS = (out, length) -> out.write(new byte[length]);

  /** One byte after the other, always in time for who waits for the next one. */
  static final Body DRIPS =
      (out, length) -> {
        for (int i = 0; i < length; i++) {
          out.write(0);
          Thread.sleep(500);
        }
      };

  private final ServerSocket listening;
  private final Body body;
  private final AtomicInteger asked = new AtomicInteger();

  FalsePeer(Body body) throws IOException {
    this.body = body;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  int asked() {
    return asked.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> answer(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      OutputStream out = client.getOutputStream();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Matcher range = RANGE.matcher(line);
        if (range.matches()) {
          while (!in.readLine().isEmpty()) {}
          asked.incrementAndGet();
          long first = Long.parseLong(range.group(1));
          long last = Long.parseLong(range.group(2));
          String head =
              "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %d-%d/*\r\nContent-Length: %d\r\n\r\n"
                  .formatted(first, last, last - first + 1);
          out.write(head.getBytes(StandardCharsets.US_ASCII));
          body.send(out, (int) (last - first + 1));
        }
      }
    } catch (IOException e) {
      // It left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
