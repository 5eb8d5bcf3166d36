package dev.exodl.cli.show;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.ProgressBoard.FileView;
import dev.exodl.download.ProgressBoard.State;
import dev.exodl.download.ProgressBoard.View;
import dev.exodl.model.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands on the terminal at one moment: a line for each file in work as far as there is room,
 * and the total. No line is as wide as the terminal, since some would wrap it.
 */
record BarFrame(Look look, int columns, int rows) {
  /** More bars than this say less than fewer. */
  private static final int MOST_FILES = 16;

  /** Signs and colours that the terminal has. */
  record Look(boolean color, boolean unicode) {
    String ellipsis() {
      return unicode ? "\u2026" : "..";
    }

    String full() {
      return unicode ? "\u2501" : "#";
    }

    String half() {
      return unicode ? "\u2578" : "#";
    }

    String empty() {
      return unicode ? "\u2500" : "-";
    }

    String paint(int colour, String text) {
      return color && !text.isEmpty() ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }
  }

  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 40;
  private static final int GREEN = 32;
  private static final int CYAN = 36;
  private static final int GREY = 90;

  List<String> lines(View view, double rate, Optional<Duration> left) {
    List<FileView> active =
        view.files().stream()
            .filter(f -> f.state() == State.FETCHING || f.state() == State.VERIFYING)
            .toList();
    int room = Math.clamp(rows - 3L, 0, MOST_FILES);
    int shown = active.size() <= room ? active.size() : Math.max(0, room - 1);
    int names = active.stream().limit(shown).mapToInt(f -> Columns.of(name(f))).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (FileView file : active.subList(0, shown)) {
      lines.add(fileLine(file, Math.min(names, nameRoom())));
    }
    if (shown < active.size() && room > 0) {
      String more = "and " + (active.size() - shown) + " more in work";
      lines.add(look.paint(GREY, Columns.keepStart(more, width())));
    }
    lines.add(totalLine(view, rate, left));
    return lines;
  }

  /** The line while this machine's own files are read, before anything is fetched. */
  String reading(ProgressBoard.Reading reading) {
    String told = Told.reading(reading);
    int free = width() - told.length() - 2;
    return free < SHORTEST_BAR
        ? Columns.keepStart(told, width())
        : bar(reading.bytes(), reading.of(), Math.min(LONGEST_BAR, free)) + "  " + told;
  }

  private int width() {
    return Math.max(1, columns - 1);
  }

  private int nameRoom() {
    return columns < 60 ? Math.max(1, width() - 6) : Math.min(50, width() * 45 / 100);
  }

  private static String name(FileView file) {
    return Printable.of(file.path());
  }

  private String fileLine(FileView file, int names) {
    String name = Columns.pad(Columns.keepEnd(name(file), names, look.ellipsis()), names);
    int percent = Amounts.percent(file.held(), file.size());
    String head = Columns.padLeft(percent + "%", 5);
    boolean checking = file.state() == State.VERIFYING;
    String amounts =
        checking
            ? Columns.padLeft("checking", 17)
            : Columns.padLeft(Amounts.bytes(file.held()), 8)
                + "/"
                + Columns.pad(Amounts.bytes(file.size()), 8);
    int rest = width() - names - head.length();
    if (rest < 2 + SHORTEST_BAR) {
      return Columns.keepStart(rest < 0 ? head.strip() : name + head, width());
    }
    if (rest < 3 + SHORTEST_BAR + amounts.length()) {
      return name + "  " + bar(file.held(), file.size(), rest - 2) + head;
    }
    int bar = Math.min(LONGEST_BAR, rest - 3 - amounts.length());
    return name + "  " + bar(file.held(), file.size(), bar) + head + " " + amounts.stripTrailing();
  }

  /** The most useful figures that fit, then a bar in what is left. */
  private String totalLine(View view, double rate, Optional<Duration> left) {
    String percent = Amounts.percent(view.held(), view.bytes()) + "%";
    String speed = Amounts.rate(rate);
    String time = left.map(l -> Amounts.time(l) + " left").orElse("");
    String amounts = Amounts.bytes(view.held()) + "/" + Amounts.bytes(view.bytes());
    String files = view.filesDone() + "/" + Amounts.files(view.filesInAll());
    int free = width();
    List<String> chosen = new ArrayList<>();
    for (String figure : List.of(percent, speed, time, amounts, files)) {
      int need = figure.length() + (chosen.isEmpty() ? 0 : 2);
      if (!figure.isEmpty() && need <= free) {
        chosen.add(figure);
        free -= need;
      }
    }
    List<String> line = new ArrayList<>();
    if (chosen.contains(files)) {
      line.add(files);
    }
    if (free >= 2 + SHORTEST_BAR) {
      line.add(bar(view.held(), view.bytes(), Math.min(LONGEST_BAR, free - 2)));
    }
    for (String figure : List.of(percent, amounts, speed, time)) {
      if (chosen.contains(figure)) {
        line.add(figure);
      }
    }
    return chosen.isEmpty() ? Columns.keepStart(percent, width()) : String.join("  ", line);
  }

  private String bar(long part, long whole, int length) {
    double share = whole <= 0 ? 1 : Math.clamp((double) part / whole, 0, 1);
    int halves = (int) Math.floor(share * length * 2);
    int full = halves / 2;
    int half = full < length ? halves % 2 : 0;
    String done = look.full().repeat(full) + (half == 1 ? look.half() : "");
    String open = look.empty().repeat(length - full - half);
    return look.paint(share >= 1 ? GREEN : CYAN, done) + look.paint(GREY, open);
  }
}
