package dev.exodl.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The answer to one exchange: status and headers are here, the body is still on its way. */
final class Reply implements AutoCloseable {
  private static final int ERROR_TEXT = 16 * 1024;
  private static final int WORTH_DRAINING = 256 * 1024;

  private final HttpURLConnection connection;
  private final URI address;
  private final int status;

  Reply(HttpURLConnection connection, URI address, int status) {
    this.connection = connection;
    this.address = address;
    this.status = status;
  }

  URI address() {
    return address;
  }

  int status() {
    return status;
  }

  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  @Nullable String header(String name) {
    return connection.getHeaderField(name);
  }

  Headers headers() {
    return new Headers(connection.getHeaderFields());
  }

  /** Bytes of the body as sent, or -1 when the answer does not say. */
  long length() {
    return connection.getContentLengthLong();
  }

  boolean isGzip() {
    String encoding = header("Content-Encoding");
    return encoding != null && encoding.strip().equalsIgnoreCase("gzip");
  }

  /** The body with a compression by gzip undone. */
  InputStream body() throws IOException {
    InputStream raw = raw();
    return isGzip() ? new GZIPInputStream(raw, 8192) : raw;
  }

  private InputStream raw() throws IOException {
    if (status < 400) {
      return connection.getInputStream();
    }
    InputStream error = connection.getErrorStream();
    return error == null ? InputStream.nullInputStream() : error;
  }

  /**
   * The beginning of a body that explains an error; empty when it cannot be read. Nothing else can
   * be read from the reply afterwards; the connection is given back unless the body is long.
   */
  String errorText() {
    try (InputStream body = body()) {
      String text = new String(body.readNBytes(ERROR_TEXT), StandardCharsets.UTF_8);
      if (body.read() >= 0) {
        drop();
      }
      return text;
    } catch (IOException e) {
      drop();
      return "";
    }
  }

  /** Makes the connection unusable. Waits for a read in progress on another thread. */
  void drop() {
    connection.disconnect();
  }

  /**
   * Reads what is left of a short body, so that the connection can be used again; drops a long one.
   */
  @Override
  public void close() {
    if (length() > WORTH_DRAINING) {
      drop();
      return;
    }
    try (InputStream rest = raw()) {
      if (rest.readNBytes(WORTH_DRAINING).length == WORTH_DRAINING) {
        drop();
      }
    } catch (IOException e) {
      drop();
    }
  }
}
