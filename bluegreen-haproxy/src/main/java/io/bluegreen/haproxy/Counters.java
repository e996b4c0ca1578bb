package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.haproxy.Scheme.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * HAProxy's counters, made to only grow: each process counts from 0, so that what each one has
 * added since it was last looked at is summed up. The row of a backend is complete: it has the
 * answers that HAProxy gave in place of the application, and none twice (management guide, section
 * 9.1).
 */
final class Counters implements TrafficMeter {
  private final Proxy proxy;
  private final Scheme scheme;
  private final Map<Seen, Tally> last = new HashMap<>();
  private final Map<String, Tally> total = new HashMap<>();
  private final Map<String, Duration> mean = new HashMap<>();

  private record Seen(long pid, String key) {}

  private record Tally(long requests, long clientErrors, long serverErrors) {
    static final Tally ZERO = new Tally(0, 0, 0);

    Tally plus(Tally more) {
      return new Tally(
          requests + more.requests,
          clientErrors + more.clientErrors,
          serverErrors + more.serverErrors);
    }

    /** What was added since; counters that ran backwards were cleared. */
    Tally since(Tally before) {
      return requests < before.requests
              || clientErrors < before.clientErrors
              || serverErrors < before.serverErrors
          ? this
          : new Tally(
              requests - before.requests,
              clientErrors - before.clientErrors,
              serverErrors - before.serverErrors);
    }
  }

  /** Starts to count: what the processes have counted so far is left out. */
  Counters(Proxy proxy, Scheme scheme) {
    this.proxy = proxy;
    this.scheme = scheme;
    look(last);
  }

  @Override
  public synchronized Reading read() {
    Map<Seen, Tally> now = new LinkedHashMap<>();
    try {
      look(now);
    } catch (RuntimeApiException e) {
      throw new RouterException(
          "HAProxy's counters can't be read: " + e.getMessage(), Effect.UNCHANGED, e);
    }
    now.forEach(
        (seen, tally) ->
            total.merge(seen.key(), tally.since(last.getOrDefault(seen, Tally.ZERO)), Tally::plus));
    last.putAll(now);
    Set<Long> alive = new HashSet<>();
    now.keySet().forEach(seen -> alive.add(seen.pid()));
    last.keySet().removeIf(seen -> !alive.contains(seen.pid()));
    Map<Slot, Count> slots = new LinkedHashMap<>();
    for (Service service : scheme.group().routed()) {
      for (Color color : Color.values()) {
        Slot slot = scheme.group().slot(service.name(), color);
        slots.put(slot, count(key(scheme.target(slot))));
      }
    }
    return new Reading(proxy.time().now(), slots);
  }

  private Count count(String key) {
    Tally tally = total.getOrDefault(key, Tally.ZERO);
    // Over HAProxy's recent 1024 requests (management guide, section 9.1, "ttime").
    Optional<Duration> recentMean = Optional.ofNullable(mean.get(key));
    return new Count(
        tally.requests(), tally.clientErrors(), tally.serverErrors(), Optional.empty(), recentMean);
  }

  private void look(Map<Seen, Tally> tallies) {
    List<Target> targets = new ArrayList<>();
    for (Service service : scheme.group().routed()) {
      for (Color color : Color.values()) {
        targets.add(scheme.target(scheme.group().slot(service.name(), color)));
      }
    }
    Map<String, Target> backends = new HashMap<>();
    targets.stream().filter(Target::wholeBackend).forEach(t -> backends.put(t.backend(), t));
    proxy.each(
        proxy.limit(),
        () -> {
          tallies.clear();
          mean.clear();
        },
        (pid, worker) -> {
          List<StatRow> rows =
              backends.size() == targets.size() ? worker.backendStats() : worker.stats();
          for (StatRow row : rows) {
            for (Target target : targetsOf(row, targets, backends)) {
              add(tallies, new Seen(pid, key(target)), row);
            }
          }
        });
  }

  private static List<Target> targetsOf(
      StatRow row, List<Target> targets, Map<String, Target> backends) {
    if (row.isBackend()) {
      Target whole = backends.get(row.proxy());
      return whole == null ? List.of() : List.of(whole);
    }
    return row.isServer()
        ? targets.stream()
            .filter(t -> !t.wholeBackend() && t.backend().equals(row.proxy()) && t.has(row.name()))
            .toList()
        : List.of();
  }

  private void add(Map<Seen, Tally> tallies, Seen seen, StatRow row) {
    // A server's own row lacks what HAProxy answered in its place: those are connection errors.
    long failed = row.isBackend() ? 0 : row.number("econ") + row.number("eresp");
    Tally tally =
        new Tally(
            row.number("req_tot") + failed,
            row.number("hrsp_4xx"),
            row.number("hrsp_5xx") + failed);
    tallies.merge(seen, tally, Tally::plus);
    if (row.number("req_tot") > 0) {
      // The current worker is asked first; former ones do not change its mean.
      mean.putIfAbsent(seen.key(), Duration.ofMillis(row.number("ttime")));
    }
  }

  private static String key(Target target) {
    return target.backend() + "/" + target.prefix();
  }
}
