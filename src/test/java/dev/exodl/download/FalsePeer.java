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

  /** Sends an answer: its head, and so many bytes. */
  @FunctionalInterface
  interface Answer {
    void send(OutputStream out, byte[] head, int length) throws IOException, InterruptedException;
  }

  /** So many zeros as were asked for. */
  static final Answer ZEROS =
      (out, head, length) -> {
        out.write(head);
        out.write(new byte[length]);
      };

  /** One byte after the other, always in time for who waits for the next one. */
  static final Answer DRIPS =
      (out, head, length) -> {
        out.write(head);
        drip(out, new byte[length]);
      };

  /** The head already. */
  static final Answer DRIPS_AT_ONCE =
      (out, head, length) -> {
        drip(out, head);
        drip(out, new byte[length]);
      };

  private static void drip(OutputStream out, byte[] bytes)
      throws IOException, InterruptedException {
    for (byte one : bytes) {
      out.write(one);
      Thread.sleep(500);
    }
  }

  private final ServerSocket listening;
  private final Answer answer;
  private final AtomicInteger asked = new AtomicInteger();

  FalsePeer(Answer answer) throws IOException {
    this.answer = answer;
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
          answer.send(out, head.getBytes(StandardCharsets.US_ASCII), (int) (last - first + 1));
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
