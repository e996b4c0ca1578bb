package io.bluegreen.examples.kill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the users of the first weeks saw: router and launcher, step by step. */
final class WeekTable {
  private final Map<String, Map<String, Cell>> rows = new LinkedHashMap<>();

  /** What was counted while one step was done. Immutable. */
  record Cell(long requests, long failed, long stale, long doubled) {
    Cell plus(Cell other) {
      return new Cell(
          requests + other.requests,
          failed + other.failed,
          stale + other.stale,
          doubled + other.doubled);
    }

    /** Returns what was counted since; what ran twice was counted apart each time. */
    Cell minus(Cell before) {
      return new Cell(
          requests - before.requests, failed - before.failed, stale - before.stale, doubled);
    }

    /** Returns whether no user noticed the step, and nothing ran twice. */
    boolean isClean() {
      return failed == 0 && stale == 0 && doubled == 0;
    }

    @Override
    public String toString() {
      return failed + " / " + stale + " / " + doubled;
    }
  }

  /** Adds a week. */
  void add(String row, Map<String, Cell> steps) {
    Map<String, Cell> sums = rows.computeIfAbsent(row, key -> new LinkedHashMap<>());
    steps.forEach((step, cell) -> sums.merge(step, cell, Cell::plus));
  }

  /** Returns the table in Markdown, with the requests of each row: failed / stale / doubled. */
  String markdown() {
    Set<String> steps = new LinkedHashSet<>(List.of("adopt"));
    rows.values().forEach(row -> steps.addAll(row.keySet()));
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("router, launcher", "requests"));
    head.addAll(steps);
    lines.add(head);
    lines.add(head.stream().map(column -> "---").toList());
    rows.forEach(
        (name, row) -> {
          long requests = row.values().stream().mapToLong(Cell::requests).sum();
          List<String> line = new ArrayList<>(List.of(name, String.format("%,d", requests)));
          steps.forEach(step -> line.add(row.containsKey(step) ? row.get(step).toString() : ""));
          lines.add(line);
        });
    return lines.stream()
        .map(line -> "| " + String.join(" | ", line) + " |")
        .collect(Collectors.joining("\n"));
  }
}
