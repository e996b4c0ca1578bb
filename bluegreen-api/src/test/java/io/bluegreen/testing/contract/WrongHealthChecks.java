package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import java.util.concurrent.CompletableFuture;

/** Each is right, with one thing wrong. */
final class WrongHealthChecks {
  private WrongHealthChecks() {}

  static class TakesAnyAnswerForUp extends ScriptedHealthCheckContractTest {
    @Override
    public HealthCheck openCheck() {
      return HealthCheck.blocking(instance -> Health.up("answered, whatever it was"));
    }
  }

  static class TakesNothingToAskForUp extends ScriptedHealthCheckContractTest {
    @Override
    public HealthCheck openCheck() {
      HealthCheck right = super.openCheck();
      return instance ->
          instance.endpoint().isEmpty()
              ? CompletableFuture.completedFuture(Health.up("nothing to check"))
              : right.probe(instance);
    }
  }

  static class RemembersTheFirstAnswer extends ScriptedHealthCheckContractTest {
    @Override
    public HealthCheck openCheck() {
      HealthCheck right = super.openCheck();
      return new HealthCheck() {
        private CompletableFuture<Health> first;

        @Override
        public synchronized CompletableFuture<Health> probe(Instance instance) {
          first = first == null ? right.probe(instance) : first;
          return first;
        }
      };
    }
  }

  /** Keeps the instance of a probe in a field while it asks. */
  static class SharesItsAnswer extends ScriptedHealthCheckContractTest {
    @Override
    public HealthCheck openCheck() {
      return new HealthCheck() {
        private volatile Color asked;

        @Override
        public CompletableFuture<Health> probe(Instance instance) {
          asked = instance.color();
          for (int i = 0; i < 1_000; i++) {
            Thread.yield();
          }
          boolean up = asked == Color.GREEN;
          return CompletableFuture.completedFuture(up ? Health.up("up") : Health.down("down"));
        }
      };
    }
  }
}
