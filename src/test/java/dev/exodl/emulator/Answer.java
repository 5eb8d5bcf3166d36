package dev.exodl.emulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the hub says: status, headers and a part of some content; built up by its setters, then
 * changed by faults.
 */
final class Answer {

  record Header(String name, String value) {}

  private int status;
  private final List<Header> headers = new ArrayList<>();
  private RepoContent content = RepoContent.of(new byte[0]);
  private long offset;
  private long length;
  private boolean chunked;
  final Delivery delivery = new Delivery();

  private Answer(int status) {
    this.status = status;
  }

  static Answer of(int status) {
    return new Answer(status);
  }

  static Answer json(Object value) {
    return of(200).with("Content-Type", "application/json; charset=utf-8").body(Json.write(value));
  }

  static Answer text(int status, String text) {
    return of(status).with("Content-Type", "text/plain; charset=utf-8").body(text);
  }

  Answer status(int newStatus) {
    status = newStatus;
    return this;
  }

  int status() {
    return status;
  }

  /** Adds a header; the same name may be added more than once. */
  Answer with(String name, String value) {
    headers.add(new Header(name, value));
    return this;
  }

  Answer without(String name) {
    headers.removeIf(h -> h.name().equalsIgnoreCase(name));
    return this;
  }

  Answer replace(String name, String value) {
    return without(name).with(name, value);
  }

  @Nullable String header(String name) {
    return headers.stream()
        .filter(h -> h.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst()
        .orElse(null);
  }

  List<Header> headers() {
    return headers;
  }

  Answer body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  Answer body(byte[] bytes) {
    return body(RepoContent.of(bytes), 0, bytes.length);
  }

  Answer body(RepoContent of, long from, long count) {
    content = of;
    offset = from;
    length = count;
    return this;
  }

  Answer chunked() {
    chunked = true;
    return this;
  }

  boolean isChunked() {
    return chunked;
  }

  RepoContent content() {
    return content;
  }

  long offset() {
    return offset;
  }

  long length() {
    return length;
  }

  /** 304 and 204 have neither a body nor a length. */
  boolean hasBody() {
    return status != 304 && status != 204;
  }
}
