package io.bluegreen.haproxy;

import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.haproxy.RoutingMode.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes of HAProxy's counters some that only grow. Each process counts from 0, so the meter adds up
 * the growth of each process since its last reading. The row of a backend is complete: it has the
 * answers that HAProxy gave in place of the application, and none twice (management guide, section
 * 9.1). Requests that a former worker counts between the last reading and its end are lost.
 */
final class HaproxyMeter implements TrafficMeter {
  /**
   * The columns that count answers, each when it was given. Requests under way are in none of them,
   * nor are those whose client closed the connection before an answer ({@code hrsp_other}).
   */
  private static final List<String> ANSWERS =
      List.of("hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx");

  /**
   * The number of recent requests over which a mean is taken (management guide, section 9.1,
   * "ttime").
   */
  private static final long WINDOW = 1024;

  private final RunningHaproxy proxy;
  private final RoutingMode mode;

  /** The group as this program knows it; that of the mode may have other addresses. */
  private final Group group;

  private final Map<Seen, Tally> last = new HashMap<>();
  private final Map<String, Tally> total = new HashMap<>();
  private final Map<String, Mean> means = new HashMap<>();

  /** A process; its id alone does not tell it from one that had it before, as in a container. */
  private record Worker(long pid, String started) {}

  private record Seen(Worker worker, String key) {}

  private record Tally(long requests, long clientErrors, long serverErrors) {
    static final Tally ZERO = new Tally(0, 0, 0);

    Tally plus(Tally more) {
      return new Tally(
          requests + more.requests,
          clientErrors + more.clientErrors,
          serverErrors + more.serverErrors);
    }

    /** Returns the growth since then; counters that ran backwards were cleared. */
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

  /** Starts to count; the counts of the processes so far are left out. */
  HaproxyMeter(RunningHaproxy proxy, RoutingMode mode, Group group) {
    this.proxy = proxy;
    this.mode = mode;
    this.group = group;
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
    Set<Worker> alive = new HashSet<>();
    now.keySet().forEach(seen -> alive.add(seen.worker()));
    last.keySet().removeIf(seen -> !alive.contains(seen.worker()));
    Map<Slot, Count> slots = new LinkedHashMap<>();
    GroupServers.slots(group).forEach(slot -> slots.put(slot, count(key(mode.target(slot)))));
    return new Reading(proxy.time().now(), slots);
  }

  private Count count(String key) {
    Tally tally = total.getOrDefault(key, Tally.ZERO);
    Optional<Duration> recentMean = Optional.ofNullable(means.get(key)).map(Mean::duration);
    return new Count(
        tally.requests(), tally.clientErrors(), tally.serverErrors(), Optional.empty(), recentMean);
  }

  private void look(Map<Seen, Tally> tallies) {
    Map<String, List<Target>> targets = GroupServers.byBackend(mode);
    boolean whole = targets.values().stream().flatMap(List::stream).allMatch(Target::wholeBackend);
    proxy.each(
        proxy.limit(),
        () -> {
          tallies.clear();
          means.clear();
        },
        (pid, worker) -> {
          Worker told = new Worker(pid, worker.info().started());
          Set<String> backends = targets.keySet();
          for (StatRow row :
              whole ? worker.queries().backendStats(backends) : worker.queries().stats(backends)) {
            targets.getOrDefault(row.proxy(), List.of()).stream()
                .filter(target -> target.isToldBy(row))
                .forEach(target -> add(tallies, new Seen(told, key(target)), row));
          }
        });
  }

  private void add(Map<Seen, Tally> tallies, Seen seen, StatRow row) {
    // A server's own row lacks the answers that HAProxy gave in its place: those are connection
    // errors.
    long failed = row.isBackend() ? 0 : row.number("econ") + row.number("eresp");
    long answered = ANSWERS.stream().mapToLong(row::number).sum();
    Tally tally =
        new Tally(answered + failed, row.number("hrsp_4xx"), row.number("hrsp_5xx") + failed);
    tallies.merge(seen, tally, Tally::plus);
    if (answered > 0) {
      means
          .computeIfAbsent(seen.key(), key -> new Mean())
          .add(seen.worker().pid(), Math.min(answered, WINDOW), row.number("ttime"));
    }
  }

  /**
   * The mean from the rows of the worker that is asked first, the current one; former ones do not
   * count.
   */
  private static final class Mean {
    private long pid;
    private long requests;
    private long millis;

    void add(long process, long recent, long average) {
      if (requests == 0 || process == pid) {
        pid = process;
        requests += recent;
        millis += recent * average;
      }
    }

    Duration duration() {
      return Duration.ofMillis(Math.round((double) millis / requests));
    }
  }

  private static String key(Target target) {
    return target.backend() + "/" + target.prefix();
  }
}
