package io.bluegreen.gate;

import io.bluegreen.Verdict;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The last probes of one thing, in a circuit breaker that is only told and never asked for
 * permission: that is what its wait durations would be for, so that once open it stays open.
 */
final class ProbeWindow {
  private final CircuitBreaker breaker;
  private String last = "";
  private String opened = "";

  ProbeWindow(String name, CircuitBreakerConfig config) {
    breaker = CircuitBreaker.of(name, config);
  }

  /** Adds a probe; what was wrong with it, if anything. */
  synchronized void add(Duration took, Optional<String> refusal) {
    if (refusal.isEmpty()) {
      breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      last = refusal.get();
      breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, new Refused(last));
    }
    if (breaker.getState() == State.OPEN && opened.isEmpty()) {
      opened = told() + (last.isEmpty() ? "" : "; last failure: " + last);
    }
  }

  synchronized Verdict verdict() {
    Metrics metrics = breaker.getMetrics();
    int seen = metrics.getNumberOfBufferedCalls();
    int needed = breaker.getCircuitBreakerConfig().getMinimumNumberOfCalls();
    Map<String, String> figures =
        Map.of(
            "probes", Integer.toString(seen),
            "failed", Integer.toString(metrics.getNumberOfFailedCalls()),
            "slow", Integer.toString(metrics.getNumberOfSlowCalls()));
    if (breaker.getState() == State.OPEN) {
      return new Verdict(Verdict.Kind.FAILED, opened, figures);
    }
    return seen < needed
        ? new Verdict(
            Verdict.Kind.INCONCLUSIVE,
            seen
                + " probes of the "
                + needed
                + " that are needed"
                + (last.isEmpty() ? "" : "; last failure: " + last),
            figures)
        : new Verdict(Verdict.Kind.PASSED, told(), figures);
  }

  private String told() {
    Metrics metrics = breaker.getMetrics();
    CircuitBreakerConfig config = breaker.getCircuitBreakerConfig();
    return String.format(
        Locale.ROOT,
        "of the last %d probes %d failed (limit %.0f %%) and %d were slow (limit %.0f %%)",
        metrics.getNumberOfBufferedCalls(),
        metrics.getNumberOfFailedCalls(),
        config.getFailureRateThreshold(),
        metrics.getNumberOfSlowCalls(),
        config.getSlowCallRateThreshold());
  }

  /** How a breaker is told of a failure; it keeps it nowhere. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason, null, false, false);
    }
  }
}
