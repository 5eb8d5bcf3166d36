package dev.exodl.emulator;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Asks the emulator in its own tests: the JDK's client where it will do, a bare socket where bytes
 * matter.
 */
final class Asker implements AutoCloseable {

  private final HubEmulator hub;
  private final HttpClient client;

  Asker(HubEmulator hub) {
    this.hub = hub;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (hub.certificate() != null) {
      builder.sslContext(hub.certificate().clientContext());
    }
    this.client = builder.build();
  }

  /** GET of a path of the hub or of a whole URL, with headers as name, value, name, value. */
  HttpResponse<byte[]> get(String target, String... headers)
      throws IOException, InterruptedException {
    return ask("GET", target, headers);
  }

  HttpResponse<byte[]> head(String target, String... headers)
      throws IOException, InterruptedException {
    return ask("HEAD", target, headers);
  }

  String text(String target, String... headers) throws IOException, InterruptedException {
    return new String(get(target, headers).body(), StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> ask(String method, String target, String... headers)
      throws IOException, InterruptedException {
    var uri = URI.create(target.startsWith("http") ? target : hub.url() + target);
    var request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> form(String path, String body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(hub.url() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  /** The signed URL that /resolve/ gives for an LFS file. */
  String signed(String resolvePath) throws IOException, InterruptedException {
    return header(get(resolvePath), "Location");
  }

  static String header(HttpResponse<?> response, String name) {
    return response
        .headers()
        .firstValue(name)
        .orElseThrow(() -> new AssertionError("no " + name + " in " + response));
  }

  static Socket connect(String url) throws IOException {
    var uri = URI.create(url);
    var socket = new Socket(uri.getHost(), uri.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** Sends a bare request for the path of a URL and reads to the end of the connection. */
  static String raw(String url, String... headers) throws IOException {
    try (var socket = connect(url)) {
      send(socket, url, headers);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  static void send(Socket socket, String url, String... headers) throws IOException {
    var target = url.replaceFirst("^" + Pattern.quote(url.substring(0, url.indexOf('/', 8))), "");
    var text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: x\r\n");
    for (var header : headers) {
      text.append(header).append("\r\n");
    }
    socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() {
    client.close();
  }
}
