package dev.exodl.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What {@link HubEmulatorMain} is told while it runs, a word a line; the answer to each ends with a
 * line of its own.
 */
final class HubCommands {

  private HubCommands() {}

  /** Until the input ends. */
  static void obey(RequestLog log, InputStream in, PrintStream out) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String word; (word = lines.readLine()) != null; ) {
      switch (word.strip()) {
        case "figures" -> out.println(figures(log));
        case "clear" -> {
          log.clear();
          out.println("cleared");
        }
        case "log" -> {
          log.all().forEach(out::println);
          out.println("end of log");
        }
        default -> out.println("unknown command; known are figures, clear and log");
      }
      out.flush();
    }
  }

  /** Since the start or the last clear; file bytes are those of bodies. */
  static String figures(RequestLog log) {
    return "figures requests=%d revisions=%d trees=%d resolves=%d refused=%d file-bytes=%d open=%d"
        .formatted(
            log.all().size(),
            log.count(r -> r.where() == Where.HUB_API && r.path().contains("/revision/")),
            log.count(r -> r.where() == Where.HUB_API && r.path().contains("/tree/")),
            log.count(r -> r.where() == Where.RESOLVE || r.where() == Where.RESOLVE_CACHE),
            log.count(r -> r.status() == 429),
            log.fileBytesServed(),
            log.count(r -> !r.isEnded()));
  }
}
