package io.bluegreen.gate;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Failures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The health probes of one look, all at once, with one deadline. Each is begun on a thread of its
 * own, because a check may block. What can't be probed is DOWN; closing ends what is in flight.
 */
final class Probes implements AutoCloseable {
  private final TimeSource time;
  private final Duration limit;
  private final Duration end;
  private final Map<Instance, Probe> probes = new LinkedHashMap<>();

  Probes(TimeSource time, Duration limit) {
    this.time = time;
    this.limit = limit;
    this.end = time.elapsed().plus(limit);
  }

  void start(Instance instance, HealthCheck check) {
    Probe probe = new Probe(instance, check);
    probes.put(instance, probe);
    time.executor().execute(probe.task);
  }

  Map<Instance, Health> healths() throws InterruptedException {
    Map<Instance, Health> healths = new LinkedHashMap<>();
    for (Map.Entry<Instance, Probe> probe : probes.entrySet()) {
      healths.put(probe.getKey(), health(probe.getValue()));
    }
    return healths;
  }

  @Override
  public void close() {
    probes.values().forEach(Probe::end);
  }

  private Health health(Probe probe) throws InterruptedException {
    try {
      CompletableFuture<Health> answer = time.await(left(), probe.task);
      Health health = answer == null ? null : time.await(left(), answer);
      return health == null ? Health.down("the check answered null") : health;
    } catch (TimeoutException e) {
      return Health.down("no answer within " + Durations.describe(limit));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return Health.down("the check failed: " + Failures.reason(e));
    }
  }

  private Duration left() {
    Duration left = end.minus(time.elapsed());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** One probe. It also ends the answer of a check that gives it only after it was given up. */
  private static final class Probe {
    private final Instance instance;
    private final HealthCheck check;
    private final FutureTask<CompletableFuture<Health>> task = new FutureTask<>(this::begin);
    private @Nullable CompletableFuture<Health> answer;
    private boolean over;

    Probe(Instance instance, HealthCheck check) {
      this.instance = instance;
      this.check = check;
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
