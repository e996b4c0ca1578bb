package io.bluegreen.engine;

import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/** Probes many instances at once, each with a hard deadline. What can't be probed is DOWN. */
final class Prober {
  private final Setup setup;
  private final Duration timeout;

  Prober(Setup setup, Duration timeout) {
    this.setup = setup;
    this.timeout = timeout;
  }

  /** Returns the health of every instance, in their order. */
  Map<Instance, Health> probe(List<Instance> instances) throws InterruptedException {
    List<Probe> probes = new ArrayList<>();
    for (Instance instance : instances) {
      probes.add(new Probe(instance, setup.check(instance)));
    }
    Map<Instance, Health> healths = new LinkedHashMap<>();
    try {
      for (Probe probe : probes) {
        healths.put(probe.instance, probe.health());
      }
    } finally {
      probes.forEach(Probe::cancel);
    }
    return healths;
  }

  /** One probe. It is called on a thread of its own, because a check may block. */
  private final class Probe {
    private final Instance instance;
    private final FutureTask<CompletableFuture<Health>> call;
    private final Duration end;

    Probe(Instance instance, HealthCheck check) {
      this.instance = instance;
      this.call = new FutureTask<>(() -> check.probe(instance));
      this.end = setup.time().elapsed().plus(timeout);
      setup.time().executor().execute(call);
    }

    Health health() throws InterruptedException {
      try {
        CompletableFuture<Health> answer = setup.time().await(left(), call);
        Health health = answer == null ? null : setup.time().await(left(), answer);
        return health == null ? Health.down("the check answered null") : health;
      } catch (TimeoutException e) {
        return Health.down("no answer within " + Durations.describe(timeout));
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        return Health.down("the check failed: " + StepNotDone.reason(e));
      }
    }

    private Duration left() {
      Duration left = end.minus(setup.time().elapsed());
      return left.isNegative() ? Duration.ZERO : left;
    }

    void cancel() {
      if (!call.cancel(true) && !call.isCancelled()) {
        answerOf(call).cancel(true);
      }
    }
  }

  private static CompletableFuture<Health> answerOf(FutureTask<CompletableFuture<Health>> call) {
    try {
      CompletableFuture<Health> answer = call.get();
      return answer == null ? new CompletableFuture<>() : answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CompletableFuture<>();
    } catch (ExecutionException e) {
      return new CompletableFuture<>(); // It has failed; there is nothing to cancel.
    }
  }
}
