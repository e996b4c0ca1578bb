package io.bluegreen;

import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import io.bluegreen.support.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The health probes of one look, all at once, each with the same limit. Each is begun on a thread
 * of its own, because a check may block. What can't be probed is DOWN; at the end nothing is in
 * flight any more.
 */
final class Probes {
  private static final int LONGEST_REASON = 1_000;

  private final TimeSource time;
  private final Duration limit;
  private final List<Probe> probes = new ArrayList<>();

  Probes(TimeSource time, Duration limit) {
    this.time = time;
    this.limit = limit;
  }

  /** Returns the health of every instance, in their order. */
  Map<Instance, Health> ask(Map<Instance, HealthCheck> checks) throws InterruptedException {
    try {
      checks.forEach(this::start);
      Map<Instance, Health> healths = new LinkedHashMap<>();
      for (Probe probe : probes) {
        healths.put(probe.instance, health(probe));
      }
      return healths;
    } finally {
      probes.forEach(Probe::end);
    }
  }

  private void start(Instance instance, HealthCheck check) {
    Probe probe = new Probe(instance, check, time.deadline(limit));
    probes.add(probe);
    time.executor().execute(probe.task);
  }

  private Health health(Probe probe) throws InterruptedException {
    try {
      CompletableFuture<Health> answer = time.await(probe.deadline.left(), probe.task);
      Health health = answer == null ? null : time.await(probe.deadline.left(), answer);
      return health == null ? Health.down("the check answered null") : health;
    } catch (TimeoutException e) {
      return Health.down("no answer within " + Durations.describe(limit));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return Health.down("the check failed: " + Text.clean(Failures.reason(e), LONGEST_REASON));
    }
  }

  /** One probe. It also ends the answer of a check that gives it only after it was given up. */
  private static final class Probe {
    private final Instance instance;
    private final HealthCheck check;
    private final Deadline deadline;
    private final FutureTask<CompletableFuture<Health>> task = new FutureTask<>(this::begin);
    private @Nullable CompletableFuture<Health> answer;
    private boolean over;

    Probe(Instance instance, HealthCheck check, Deadline deadline) {
      this.instance = instance;
      this.check = check;
      this.deadline = deadline;
    }

    private @Nullable CompletableFuture<Health> begin() {
      CompletableFuture<Health> begun = check.probe(instance);
      boolean late;
      synchronized (this) {
        answer = begun;
        late = over;
      }
      if (late) {
        end();
      }
      return begun;
    }

    void end() {
      CompletableFuture<Health> last;
      synchronized (this) {
        over = true;
        last = answer;
      }
      task.cancel(true);
      if (last != null) {
        last.cancel(true);
      }
    }
  }
}
