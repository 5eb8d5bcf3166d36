package dev.exodl.hub;

import java.time.Duration;

/**
 * One finished exchange, for {@code -v}.
 *
 * @param address without the query, so without signatures
 * @param status 0 when no answer came
 * @param note the asked range, or what broke; may be empty
 * @param took until the answer's headers were here
 */
public record RequestTrace(String method, String address, int status, String note, Duration took) {
  @Override
  public String toString() {
    String end = note.isEmpty() ? "" : " (" + note + ")";
    return method + " " + address + " -> " + status + " in " + took.toMillis() + " ms" + end;
  }
}
