package io.bluegreen.haproxy;

import io.bluegreen.InFlight;
import io.bluegreen.haproxy.Scheme.Target;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What a slot still answers, in all workers: open sessions, WebSockets and the queue included. */
final class Sessions {
  private static final int MOST = 1_000_000_000;

  private final Proxy proxy;

  Sessions(Proxy proxy) {
    this.proxy = proxy;
  }

  InFlight inFlight(Target target) {
    AtomicLong sum = new AtomicLong();
    proxy.each(
        proxy.limit(),
        () -> sum.set(0),
        (pid, worker) -> sum.addAndGet(open(rows(worker, target), target)));
    // Without a master nobody knows whether a former worker still answers.
    return sum.get() == 0 && proxy.master().isEmpty()
        ? InFlight.UNKNOWN
        : InFlight.some((int) Math.min(sum.get(), MOST));
  }

  /** Ends the sessions of a slot until none is left, and what was queued behind them, too. */
  int cut(Target target) {
    Deadline deadline = proxy.limit();
    AtomicLong cut = new AtomicLong();
    AtomicLong left = new AtomicLong();
    do {
      proxy.each(
          deadline,
          () -> left.set(0),
          (pid, worker) -> {
            for (StatRow row : rows(worker, target)) {
              if (row.isServer() && target.has(row.name()) && row.number("scur") > 0) {
                cut.addAndGet(row.number("scur"));
                worker.shutdownSessions(target.backend(), row.name());
              }
            }
            left.addAndGet(open(rows(worker, target), target));
          });
    } while (left.get() > 0 && !deadline.over() && ended(left));
    return (int) Math.min(cut.get(), MOST);
  }

  private boolean ended(AtomicLong left) {
    proxy.pause();
    return left.get() > 0;
  }

  /** The row of a backend counts its queue, too; that of a server only what it was given. */
  private static long open(List<StatRow> rows, Target target) {
    return rows.stream()
        .filter(
            row ->
                target.wholeBackend() ? row.isBackend() : row.isServer() && target.has(row.name()))
        .mapToLong(row -> row.number("scur") + (row.isServer() ? row.number("qcur") : 0))
        .sum();
  }

  private static List<StatRow> rows(RuntimeApi worker, Target target) {
    try {
      return worker.stats(target.backend());
    } catch (RuntimeApiException e) {
      // A former worker's configuration may not have had this backend yet.
      if (e.refusal().equals(Optional.of(Refusal.NO_SUCH_PROXY))) {
        return List.of();
      }
      throw e;
    }
  }
}
