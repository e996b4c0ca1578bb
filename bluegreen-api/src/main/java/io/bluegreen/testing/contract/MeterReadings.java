package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.Router;
import io.bluegreen.TrafficMeter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The counts of a router's meter so far, as the clauses about counting ask for them. */
record MeterReadings(Router router, Set<String> services) {
  /** Returns the slots that the meter counts; none if there is no meter. */
  Set<String> slotsToCount() {
    Set<String> slots = new TreeSet<>();
    if (router.meter().isPresent()) {
      for (String service : services) {
        slots.addAll(List.of(service + "/blue", service + "/green"));
      }
    }
    return slots;
  }

  /** Returns the requests that were counted so far, by slot; empty if there is no meter. */
  Map<String, Long> counted() {
    Map<String, Long> requests = new TreeMap<>();
    router
        .meter()
        .ifPresent(
            meter ->
                meter
                    .read()
                    .slots()
                    .forEach((slot, count) -> requests.put(slot.toString(), count.requests())));
    return requests;
  }

  /** Returns the meter's reading as a text for people. */
  String reading() {
    return router.meter().map(meter -> String.valueOf(meter.read())).orElse("there is no meter");
  }

  /** Whether the meter measures this for every slot of a colour. */
  boolean tells(TrafficMeter.Measure measure, Color color) {
    return router.meter().isPresent()
        && router.meter().get().read().slots().entrySet().stream()
            .filter(slot -> slot.getKey().color() == color)
            .map(Map.Entry::getValue)
            .allMatch(
                count ->
                    switch (measure) {
                      case ERRORS -> count.requests() > 0;
                      case MEAN_LATENCY ->
                          count.latencies().isPresent() || count.recentMean().isPresent();
                      case LATENCY_DISTRIBUTION -> count.latencies().isPresent();
                    });
  }

  /** Whether every slot of this colour that is counted has answered exactly so many more. */
  boolean countsGrewBy(Map<String, Long> before, Color color, int requests) {
    Map<String, Long> now = counted();
    return before.entrySet().stream()
        .filter(slot -> slot.getKey().endsWith("/" + color))
        .allMatch(slot -> slot.getValue() + requests == now.getOrDefault(slot.getKey(), -1L));
  }
}
