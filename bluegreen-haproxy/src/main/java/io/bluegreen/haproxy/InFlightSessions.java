package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.InFlight;
import io.bluegreen.haproxy.RoutingMode.Target;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts and ends the sessions that a slot still answers, in all workers, WebSockets and the queue
 * included.
 */
final class InFlightSessions {
  private static final int MOST = 1_000_000_000;

  private final RunningHaproxy proxy;

  InFlightSessions(RunningHaproxy proxy) {
    this.proxy = proxy;
  }

  InFlight inFlight(Target target) {
    AtomicLong sum = new AtomicLong();
    proxy.each(
        proxy.limit(), () -> sum.set(0), (pid, worker) -> sum.addAndGet(open(worker, target)));
    // Without a master nobody knows whether a former worker still answers.
    return sum.get() == 0 && proxy.master().isEmpty()
        ? InFlight.UNKNOWN
        : InFlight.some((int) Math.min(sum.get(), MOST));
  }

  /** Ends the sessions of a slot until none is left, also those that were queued. */
  int cut(Target target) {
    Deadline deadline = proxy.limit();
    long before = round(target, deadline);
    long left = before;
    while (left > 0 && !deadline.over()) {
      // HAProxy ends them a little later, and gives queued requests to the servers.
      proxy.pause();
      left = round(target, deadline);
    }
    return (int) Math.min(before - Math.min(left, before), MOST);
  }

  /** Tells all sessions to end, and returns how many there were. */
  private long round(Target target, Deadline deadline) {
    AtomicLong open = new AtomicLong();
    proxy.each(
        deadline,
        () -> open.set(0),
        (pid, worker) -> {
          List<StatRow> rows = rows(worker, target);
          if (rows.isEmpty()) {
            List<SessionEntry> untold = untold(worker, target);
            open.addAndGet(untold.size());
            untold.forEach(session -> endOne(worker, session));
          }
          open.addAndGet(open(rows, target));
          for (StatRow row : rows) {
            if (row.isServer() && target.has(row.name()) && row.number("scur") > 0) {
              end(worker, target.backend(), row.name());
            }
          }
        });
    return open.get();
  }

  private static void end(RuntimeApi worker, String backend, String server) {
    try {
      worker.shutdownSessions(backend, server);
    } catch (RuntimeApiException e) {
      if (!e.refusal().equals(Optional.of(Refusal.PROXY_DISABLED))) {
        throw e;
      }
      worker.queries().sessions(backend, server).forEach(session -> endOne(worker, session));
    }
  }

  private static void endOne(RuntimeApi worker, SessionEntry session) {
    try {
      worker.shutdownSession(session.id());
    } catch (RuntimeApiException e) {
      if (!e.refusal().equals(Optional.of(Refusal.NO_SUCH_SESSION))) {
        throw e;
      }
    }
  }

  private static long open(RuntimeApi worker, Target target) {
    List<StatRow> rows = rows(worker, target);
    return rows.isEmpty() ? untold(worker, target).size() : open(rows, target);
  }

  /**
   * Returns the streams of a slot in a process that has no row of its backend: a former worker of
   * 2.4 leaves out the backends that it has stopped, though it still answers. A request in the
   * backend's queue has no server yet, and may be any slot's.
   */
  private static List<SessionEntry> untold(RuntimeApi worker, Target target) {
    return worker.queries().sessions(target.backend()).stream()
        .filter(session -> session.isUnassigned() || target.has(session.server()))
        .toList();
  }

  /**
   * Returns the open sessions by the rows. The row of a backend counts its queue, too; that of a
   * server counts only the requests that it was given.
   */
  private static long open(List<StatRow> rows, Target target) {
    return rows.stream()
        .filter(target::isToldBy)
        .mapToLong(row -> row.number("scur") + (row.isServer() ? row.number("qcur") : 0))
        .sum();
  }

  private static List<StatRow> rows(RuntimeApi worker, Target target) {
    try {
      return worker.stats(target.backend());
    } catch (RuntimeApiException e) {
      // A former worker's configuration may not have had this backend yet, or it does not tell.
      if (e.refusal().equals(Optional.of(Refusal.NO_SUCH_PROXY))) {
        return List.of();
      }
      throw e;
    }
  }
}
