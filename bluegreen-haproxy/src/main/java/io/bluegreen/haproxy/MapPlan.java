package io.bluegreen.haproxy;

import io.bluegreen.support.UnifiedDiff;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells people what a switch in map mode would do. */
final class MapPlan {
  private MapPlan() {}

  /** Returns how the file would change, line by line. */
  static List<String> diff(Path file, Optional<String> former, String next) {
    List<String> plan = new ArrayList<>();
    plan.add("replace " + file + " durably");
    plan.addAll(UnifiedDiff.of(file.toString(), shown(former.orElse("")), shown(next)));
    return plan;
  }

  /** Returns the commands to the worker; each former worker gets the same. */
  static List<String> commands(
      Path file, Map<String, String> missing, Map<String, String> goal, boolean set) {
    List<String> plan = new ArrayList<>();
    if (set) {
      missing.forEach((key, value) -> plan.add("set map " + file + " " + key + " " + value));
    } else if (!missing.isEmpty()) {
      plan.add("prepare map " + file);
      goal.forEach(
          (key, value) -> plan.add("add map @<version> " + file + " " + key + " " + value));
      plan.add("show map @<version> " + file);
      plan.add("commit map @<version> " + file);
    }
    plan.add("show map " + file);
    return plan;
  }

  private static String shown(String text) {
    return text.lines().map(ReplyCheck::shown).collect(Collectors.joining("\n"));
  }
}
