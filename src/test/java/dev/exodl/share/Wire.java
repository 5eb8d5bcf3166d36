package dev.exodl.share;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A bare connection to a chunk server, for what no well-behaved client would send. */
final class Wire implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Wire(ChunkServer server) throws IOException {
    socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(40_000);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  static String get(String range) {
    return "GET /v1/blobs/" + Shelves.BLOB.hex() + " HTTP/1.1\r\nRange: " + range + "\r\n\r\n";
  }

  Wire send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** An answer's head; empty when the connection was closed. */
  String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        break;
      }
      head.write(b);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /** Reads so many bytes and drops them; fewer when the connection is closed. */
  int take(int bytes) throws IOException {
    return in.readNBytes(bytes).length;
  }

  byte[] body(String head) throws IOException {
    String length =
        head.lines().filter(l -> l.startsWith("Content-Length: ")).findFirst().orElseThrow();
    return in.readNBytes(Integer.parseInt(length.substring(16)));
  }

  /** Sends and tells the answer's status; its body is read and dropped. */
  int status(String text) throws IOException {
    String head = send(text).head();
    body(head);
    return Integer.parseInt(head.substring(9, 12));
  }

  /** Whether the server closes the connection; false when something comes. */
  boolean isClosed() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  static byte[] part(byte[] content, int from, int end) {
    return Arrays.copyOfRange(content, from, end);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
