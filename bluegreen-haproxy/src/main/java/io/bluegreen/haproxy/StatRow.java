package io.bluegreen.haproxy;

import io.bluegreen.support.ArgumentChecks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One frontend, backend or server in {@code show stat} (management guide, section 9.1). Immutable.
 *
 * @param cells the cells by the names of their columns, because versions differ in the number of
 *     columns; foreign text
 */
public record StatRow(Map<String, String> cells) {
  /** Makes a copy of the cells. */
  public StatRow {
    ArgumentChecks.noNulls("cells", cells);
    cells = Collections.unmodifiableMap(new HashMap<>(cells));
  }

  /** Returns the name of the frontend or backend. */
  public String proxy() {
    return get("pxname");
  }

  /** Returns {@code FRONTEND}, {@code BACKEND} or the server's name. */
  public String name() {
    return get("svname");
  }

  /** Returns whether it is the row of the whole backend. */
  public boolean isBackend() {
    return get("type").equals("1");
  }

  /** Returns whether it is the row of a server. */
  public boolean isServer() {
    return get("type").equals("2");
  }

  /** Returns a cell as it is; empty if this version has no such column, or the cell is empty. */
  public String get(String column) {
    Objects.requireNonNull(column, "column");
    return cells.getOrDefault(column, "");
  }

  /** Returns a cell as a number; 0 if it has none. */
  public long number(String column) {
    Objects.requireNonNull(column, "column");
    String cell = get(column);
    try {
      return cell.isEmpty() ? 0 : Long.parseLong(cell);
    } catch (NumberFormatException e) {
      throw ReplyCheck.notUnderstood("show stat", column + "=" + cell, false);
    }
  }

  /**
   * Returns whether a line is about one of these proxies; if not, it is a head, an end or broken.
   */
  static boolean isOf(Set<String> proxies, String line) {
    int comma = line.indexOf(',');
    return comma < 0 || line.startsWith("# ") || proxies.contains(line.substring(0, comma));
  }

  static List<StatRow> parse(List<String> lines) {
    if (lines.isEmpty() || !lines.get(0).startsWith("# ")) {
      throw ReplyCheck.notUnderstood("show stat", String.join(" ", lines), false);
    }
    List<String> columns = cells(lines.get(0).substring(2));
    List<StatRow> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      if (cells.size() != columns.size()) {
        throw ReplyCheck.notUnderstood("show stat", line, false);
      }
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          row.put(columns.get(i), cells.get(i));
        }
      }
      rows.add(new StatRow(row));
    }
    return List.copyOf(rows);
  }

  /**
   * Splits a line at commas; a cell in double quotes may have commas, and two quotes stand for one.
   */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        boolean doubled = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
        if (doubled) {
          cell.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
