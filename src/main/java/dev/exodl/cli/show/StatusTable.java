package dev.exodl.cli.show;

import dev.exodl.model.NodeId;
import dev.exodl.model.Printable;
import dev.exodl.plan.swarm.SwarmMessage.Card;
import dev.exodl.plan.swarm.SwarmMessage.Part;
import dev.exodl.swarm.ClusterStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster as a table: a row for each node's part in a swarm. What matters least is left out where
 * the columns do not suffice.
 */
record StatusTable(ClusterStatus status) {
  private static final int LONGEST_NODE = 36;
  private static final int LONGEST_SWARM = 48;
  private static final int LONGEST_STATE = 24;
  private static final String GAP = "  ";

  /** In the order they stand. */
  private enum Column {
    NODE,
    ADDRESS,
    ZONE,
    SWARM,
    HELD,
    HUB,
    PEERS,
    LOCAL,
    SERVED,
    IN,
    OUT,
    STATE;

    boolean right() {
      return switch (this) {
        case NODE, ADDRESS, ZONE, SWARM, STATE -> false;
        case HELD, HUB, PEERS, LOCAL, SERVED, IN, OUT -> true;
      };
    }
  }

  /** What is shown where there is room, the most useful first. */
  private static final List<Column> BY_USE =
      List.of(
          Column.NODE,
          Column.HELD,
          Column.SWARM,
          Column.IN,
          Column.STATE,
          Column.HUB,
          Column.PEERS,
          Column.SERVED,
          Column.OUT,
          Column.LOCAL,
          Column.ZONE,
          Column.ADDRESS);

  /** The head and the table; no line is wider than this. */
  List<String> lines(int columns) {
    List<String> lines = new ArrayList<>();
    lines.add(Columns.keepStart(head(), columns));
    if (status.nodes().isEmpty()) {
      return lines;
    }
    List<Map<Column, String>> rows = rows();
    Map<Column, Integer> widths = widths(rows, columns);
    rows.forEach(row -> lines.add(Columns.keepStart(line(row, widths), columns)));
    return lines;
  }

  /** The columns that there is room for; those of free text become narrower for the others. */
  private static Map<Column, Integer> widths(List<Map<Column, String>> rows, int columns) {
    Map<Column, Integer> widths = new EnumMap<>(Column.class);
    int free = columns + GAP.length();
    for (Column column : BY_USE) {
      int full = rows.stream().mapToInt(r -> Columns.of(cell(r, column))).max().orElse(0);
      int least = GAP.length() + Math.min(full, least(column));
      boolean empty = rows.stream().skip(1).allMatch(r -> cell(r, column).isEmpty());
      boolean needed = column == Column.NODE || column == Column.HELD;
      if (!empty && (needed || least <= free)) {
        widths.put(column, full);
        free -= least;
      }
    }
    int over = GAP.length() * (widths.size() - 1) - columns;
    over += widths.values().stream().mapToInt(Integer::intValue).sum();
    for (Column column : List.of(Column.STATE, Column.SWARM, Column.NODE)) {
      int width = widths.getOrDefault(column, 0);
      int spare = column == Column.NODE ? width : Math.max(0, width - least(column));
      int less = Math.clamp(over, 0, spare);
      widths.computeIfPresent(column, (_, full) -> full - less);
      over -= less;
    }
    return widths;
  }

  private static int least(Column column) {
    return switch (column) {
      case NODE, SWARM -> 20;
      case STATE -> 8;
      default -> Integer.MAX_VALUE;
    };
  }

  private String head() {
    int number = status.nodes().size();
    String nodes = number == 1 ? "1 node" : number == 0 ? "no node" : number + " nodes";
    String silent = status.silent() == 0 ? "" : ", " + status.silent() + " without an answer";
    return "cluster " + status.cluster() + ": " + nodes + silent;
  }

  /** The heads of the columns first. */
  private List<Map<Column, String>> rows() {
    List<Map<Column, String>> rows = new ArrayList<>();
    Map<Column, String> heads = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      heads.put(column, (column == Column.NODE ? GAP : "") + column.name());
    }
    rows.add(heads);
    for (ClusterStatus.Node node : status.nodes()) {
      List<Part> parts = node.status().parts();
      Map<Column, String> row = node(node.id(), node.status().card());
      if (parts.isEmpty()) {
        row.put(Column.STATE, "idle");
        rows.add(row);
      }
      for (Part part : parts) {
        part(row, part);
        rows.add(row);
        row = new EnumMap<>(Column.class);
      }
    }
    return rows;
  }

  private Map<Column, String> node(NodeId id, Card card) {
    Map<Column, String> row = new EnumMap<>(Column.class);
    String mark = id.equals(status.coordinator()) ? "* " : GAP;
    String name = Columns.keepStart(Printable.of(card.name()), LONGEST_NODE);
    row.put(Column.NODE, mark + name + " " + id.brief());
    row.put(Column.ADDRESS, card.port() == 0 ? "" : address(card));
    row.put(Column.ZONE, Printable.of(card.zone()));
    return row;
  }

  private static String address(Card card) {
    String host = Printable.of(card.host());
    String port = ":" + card.port() + (card.encrypts() ? " TLS" : "");
    return (host.contains(":") ? "[" + host + "]" : host) + port;
  }

  private static void part(Map<Column, String> row, Part part) {
    String swarm = part.swarm().toString();
    row.put(Column.SWARM, Columns.keepEnd(swarm, LONGEST_SWARM, ".."));
    row.put(Column.HELD, Amounts.percent(part.held(), part.bytes()) + "%");
    row.put(Column.HUB, Amounts.bytes(part.fromHub()));
    row.put(Column.PEERS, Amounts.bytes(part.fromPeers()));
    row.put(Column.LOCAL, Amounts.bytes(part.local()));
    row.put(Column.SERVED, Amounts.bytes(part.served()));
    row.put(Column.STATE, Columns.keepStart(Printable.of(part.state()), LONGEST_STATE));
    row.put(Column.IN, Amounts.rate((double) part.in()));
    row.put(Column.OUT, Amounts.rate((double) part.out()));
  }

  private static String cell(Map<Column, String> row, Column column) {
    return row.getOrDefault(column, "");
  }

  private static String line(Map<Column, String> row, Map<Column, Integer> widths) {
    StringBuilder line = new StringBuilder();
    widths.forEach(
        (column, width) -> {
          String cell = cell(row, column);
          String cut =
              column == Column.SWARM
                  ? Columns.keepEnd(cell, width, "..")
                  : Columns.keepStart(cell, width);
          line.append(line.isEmpty() ? "" : GAP);
          line.append(column.right() ? Columns.padLeft(cut, width) : Columns.pad(cut, width));
        });
    return line.toString().stripTrailing();
  }
}
