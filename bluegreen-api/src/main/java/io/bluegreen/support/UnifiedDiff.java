package io.bluegreen.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The difference of two texts as patch(1) takes it, with three lines around each change: what a
 * plan shows of a file that it would replace.
 */
public final class UnifiedDiff {
  private static final int AROUND = 3;

  /**
   * The most pairs of lines that are compared: a file from outside may have millions of lines, and
   * is then shown as replaced.
   */
  private static final long MOST_PAIRS = 4_000_000;

  private final List<String> lines = new ArrayList<>();
  private final List<Character> kinds = new ArrayList<>();

  private UnifiedDiff() {}

  /**
   * Returns its lines, as they are in the texts; none if both have the same lines. Where they
   * differ in so many that it would take long to compare them, one block is replaced by the other.
   *
   * @param file its name in the first two lines
   */
  public static List<String> of(String file, String from, String to) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    UnifiedDiff diff = new UnifiedDiff();
    diff.compare(from.lines().toList(), to.lines().toList());
    List<String> hunks = diff.hunks();
    if (!hunks.isEmpty()) {
      hunks.addAll(0, List.of("--- " + file, "+++ " + file));
    }
    return List.copyOf(hunks);
  }

  private void compare(List<String> from, List<String> to) {
    int shorter = Math.min(from.size(), to.size());
    int same = 0;
    while (same < shorter && from.get(same).equals(to.get(same))) {
      add(' ', from.get(same++));
    }
    int end = 0;
    while (end < shorter - same
        && from.get(from.size() - 1 - end).equals(to.get(to.size() - 1 - end))) {
      end++;
    }
    differ(from.subList(same, from.size() - end), to.subList(same, to.size() - end));
    from.subList(from.size() - end, from.size()).forEach(line -> add(' ', line));
  }

  private void differ(List<String> from, List<String> to) {
    if ((long) from.size() * to.size() > MOST_PAIRS) {
      from.forEach(line -> add('-', line));
      to.forEach(line -> add('+', line));
      return;
    }
    int[][] common = new int[from.size() + 1][to.size() + 1];
    for (int i = from.size() - 1; i >= 0; i--) {
      for (int j = to.size() - 1; j >= 0; j--) {
        common[i][j] =
            from.get(i).equals(to.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < from.size() || j < to.size()) {
      if (i < from.size() && j < to.size() && from.get(i).equals(to.get(j))) {
        add(' ', from.get(i++));
        j++;
      } else if (i < from.size() && (j == to.size() || common[i + 1][j] >= common[i][j + 1])) {
        add('-', from.get(i++));
      } else {
        add('+', to.get(j++));
      }
    }
  }

  private void add(char kind, String line) {
    kinds.add(kind);
    lines.add(line);
  }

  private List<String> hunks() {
    List<String> hunks = new ArrayList<>();
    int from = 1;
    int to = 1;
    int at = 0;
    while (at < lines.size()) {
      if (!isNearChange(at)) {
        from++;
        to++;
        at++;
        continue;
      }
      int end = at;
      List<String> body = new ArrayList<>();
      int removed = 0;
      int added = 0;
      while (end < lines.size() && isNearChange(end)) {
        body.add(kinds.get(end) + lines.get(end));
        removed += kinds.get(end) == '+' ? 0 : 1;
        added += kinds.get(end) == '-' ? 0 : 1;
        end++;
      }
      hunks.add(
          "@@ -"
              + (removed == 0 ? from - 1 : from)
              + ","
              + removed
              + " +"
              + (added == 0 ? to - 1 : to)
              + ","
              + added
              + " @@");
      hunks.addAll(body);
      from += removed;
      to += added;
      at = end;
    }
    return hunks;
  }

  private boolean isNearChange(int at) {
    for (int i = Math.max(0, at - AROUND); i <= Math.min(kinds.size() - 1, at + AROUND); i++) {
      if (kinds.get(i) != ' ') {
        return true;
      }
    }
    return false;
  }
}
