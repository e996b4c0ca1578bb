package io.bluegreen.examples.kill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lines that a host told of one command, in order. Safe for use by several threads. */
final class CommandTrace {
  private final List<Line> lines = new ArrayList<>();

  /**
   * One line.
   *
   * @param mark {@code >} an effect begins, {@code <} it is done, {@code !} it failed, {@code ?} a
   *     question
   * @param at in nanoseconds, when the parent read it
   */
  record Line(String mark, String call, int occurrence, String detail, long at) {
    String what() {
      return call + "#" + occurrence;
    }
  }

  synchronized void add(Line line) {
    lines.add(line);
  }

  /** Returns whether there is a line with this mark about this call. */
  synchronized boolean has(String mark, String what) {
    return lines.stream().anyMatch(line -> line.mark().equals(mark) && line.what().equals(what));
  }

  /** Returns whether this call had begun with this detail. */
  synchronized boolean began(String call, String detail) {
    return lines.stream()
        .anyMatch(
            line ->
                line.mark().equals(">")
                    && line.call().equals(call)
                    && line.detail().equals(detail));
  }

  /** Returns the effects that were done, in order. */
  synchronized List<String> done() {
    return lines.stream().filter(line -> line.mark().equals("<")).map(Line::what).toList();
  }

  /** Returns the effect that had begun and not ended, if there is one. */
  synchronized Optional<Line> underWay() {
    Map<String, Line> open = new LinkedHashMap<>();
    for (Line line : lines) {
      switch (line.mark()) {
        case ">" -> open.put(line.what(), line);
        case "<", "!" -> open.remove(line.what());
        default -> {}
      }
    }
    return open.values().stream().reduce((first, second) -> second);
  }

  /** Returns every effect, and of the questions between two effects the first. */
  synchronized List<Line> calls() {
    List<Line> calls = new ArrayList<>();
    boolean asked = false;
    for (Line line : lines) {
      switch (line.mark()) {
        case ">" -> calls.add(line);
        case "<" -> asked = false;
        case "?" -> {
          if (!asked && underWay(line).isEmpty()) {
            calls.add(line);
          }
          asked = true;
        }
        default -> {}
      }
    }
    return calls;
  }

  private Optional<Line> underWay(Line until) {
    CommandTrace before = new CommandTrace();
    lines.subList(0, lines.indexOf(until)).forEach(before::add);
    return before.underWay();
  }

  /** Returns how long an effect took, in nanoseconds. */
  synchronized long took(Line begun) {
    return lines.stream()
        .filter(line -> line.mark().equals("<") && line.what().equals(begun.what()))
        .mapToLong(line -> line.at() - begun.at())
        .findFirst()
        .orElse(0);
  }

  /** Returns how long all of it took, in nanoseconds. */
  synchronized long took() {
    return lines.isEmpty() ? 0 : lines.get(lines.size() - 1).at() - lines.get(0).at();
  }
}
