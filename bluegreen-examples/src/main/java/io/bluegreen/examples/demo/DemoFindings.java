package io.bluegreen.examples.demo;

import io.bluegreen.support.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The results of one run of the demo. Immutable.
 *
 * @param router the kind of router
 * @param acts what was asked for, in order
 * @param complete whether the story came to its end
 * @param habit of the users that keep their connection
 * @param totals what the users saw
 * @param switchTimes how long each switch took until it was proven
 * @param took how long all of it took
 */
record DemoFindings(
    String router,
    List<AskedOperation> acts,
    boolean complete,
    ConnectionHabit habit,
    RequestJudge.Totals totals,
    List<Duration> switchTimes,
    Duration took) {
  DemoFindings {
    acts = List.copyOf(acts);
    switchTimes = switchTimes.stream().sorted().toList();
  }

  /**
   * Returns whether nothing was lost or misrouted, every act ended as told, and the version that is
   * to fail for its users did, and was taken off them.
   */
  boolean good() {
    return complete
        && totals.failed() == 0
        && totals.stale() == 0
        && totals.requests() > 0
        && totals.detected().isPresent()
        && acts.stream().allMatch(AskedOperation::asTold);
  }

  /** Returns the middle one of the switch times, or zero if there was no switch. */
  Duration median() {
    return switchTimes.isEmpty() ? Duration.ZERO : switchTimes.get((switchTimes.size() - 1) / 2);
  }

  /** Returns the longest switch time, or zero if there was no switch. */
  Duration longest() {
    return switchTimes.isEmpty() ? Duration.ZERO : switchTimes.get(switchTimes.size() - 1);
  }

  /** Returns all of it as one line of JSON. */
  String toJson() {
    Map<String, Object> switchMs = new LinkedHashMap<>();
    switchMs.put("p50", millis(median()));
    switchMs.put("max", millis(longest()));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("router", router);
    json.put("requests", totals.requests());
    json.put("failed", totals.failed());
    json.put("stale", totals.stale());
    json.put("switches", switchTimes.size());
    json.put("switch_ms", switchMs);
    json.put(
        "outcomes",
        acts.stream().filter(act -> !act.quick()).map(AskedOperation::outcome).toList());
    json.put("seconds", Math.round(took.toMillis() / 100.0) / 10.0);
    json.put("candidate_errors", totals.candidateErrors());
    json.put("detected_ms", totals.detected().map(DemoFindings::millis).orElse(null));
    if (habit == ConnectionHabit.KEEPS_AND_RESENDS) {
      json.put("retried", totals.retried());
    }
    return Json.write(json);
  }

  static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e4) / 100.0;
  }
}
