package dev.exodl.cli.show;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rows of text in columns as wide as their widest cell. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();
  private final Set<Integer> right = new HashSet<>();
  private final int columns;

  /** A table with these words above its columns. */
  public Table(String... heads) {
    columns = heads.length;
    rows.add(List.of(heads));
  }

  /** Lets the column, from 0, be flush right. */
  public Table right(int column) {
    right.add(column);
    return this;
  }

  /** Adds a row with a cell for each column. */
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** Adds a line that keeps to no column. */
  public void line(String text) {
    rows.add(List.of(text));
  }

  @Override
  public String toString() {
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns && row.size() == columns; i++) {
        widths[i] = Math.max(widths[i], Columns.of(row.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        boolean free = row.size() < columns;
        line.append(i == 0 ? "" : "  ");
        line.append(
            free
                ? cell
                : right.contains(i)
                    ? Columns.padLeft(cell, widths[i])
                    : Columns.pad(cell, widths[i]));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
