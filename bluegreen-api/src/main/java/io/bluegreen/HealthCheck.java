package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Probes one instance, once. The engine repeats it, counts, and keeps the deadlines, so that a
 * lambda is enough. A check must be safe for use by several threads: all instances of a slot are
 * probed at once.
 *
 * <p>Prove an implementation with {@code io.bluegreen.testing.contract.HealthCheckContract}.
 */
@FunctionalInterface
public interface HealthCheck extends AutoCloseable {
  /**
   * Starts one probe. The engine cancels the future when the policy's limit for one probe is over,
   * and counts that as DOWN, as it does an exception, a null and a future that fails: what can't be
   * checked is DOWN. A call may block (the engine makes it on a thread of its own, and interrupts
   * it at the limit), but it need not.
   */
  CompletableFuture<Health> probe(Instance instance);

  /**
   * Ends what the check holds open; by default nothing. The manager closes the checks it was given.
   */
  @Override
  default void close() {}

  /**
   * Probes many instances at once, each once, with its own check, on threads of that time source.
   * The engine does this, and so may a gate of your own. Returns the health of each, in their
   * order; what has not answered within the limit is DOWN, as is what can't be checked.
   *
   * @throws InterruptedException if the calling thread is interrupted meanwhile; then, as at the
   *     end, the probes that have not answered are cancelled
   */
  static Map<Instance, Health> probeAll(
      Map<Instance, HealthCheck> checks, Duration limit, TimeSource time)
      throws InterruptedException {
    ArgumentChecks.noNulls("checks", checks);
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(time, "time");
    return new Probes(time, limit).ask(checks);
  }

  /** Returns a check that asks in a blocking call. */
  static HealthCheck blocking(Function<Instance, Health> check) {
    Objects.requireNonNull(check, "check");
    return instance -> CompletableFuture.completedFuture(check.apply(instance));
  }
}
