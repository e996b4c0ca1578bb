package io.bluegreen.gate;

import io.bluegreen.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The last probes of one slot or address. Once too many were bad it stays FAILED, no matter what
 * comes then.
 */
final class ProbeWindow {
  private final ProbeLimits limits;
  private final Deque<Probe> probes = new ArrayDeque<>();
  private String last = "";
  private String failed = "";

  ProbeWindow(ProbeLimits limits) {
    this.limits = limits;
  }

  /** Adds a probe, with what was wrong with it, if anything was. */
  synchronized void add(Duration took, Optional<String> refusal) {
    last = refusal.orElse(last);
    probes.add(new Probe(refusal.isPresent(), took.compareTo(limits.slow()) > 0));
    if (probes.size() > limits.size()) {
      probes.remove();
    }
    boolean enough = probes.size() >= limits.minimum();
    if (enough && failed.isEmpty() && isTooMuch()) {
      failed = told() + lastFailure();
    }
  }

  synchronized Verdict verdict() {
    Map<String, String> figures =
        Map.of(
            "probes", Integer.toString(probes.size()),
            "failed", Long.toString(count(Probe::failed)),
            "slow", Long.toString(count(Probe::slow)));
    if (!failed.isEmpty()) {
      return new Verdict(Verdict.Kind.FAILED, failed, figures);
    }
    return probes.size() < limits.minimum()
        ? new Verdict(
            Verdict.Kind.INCONCLUSIVE,
            probes.size()
                + " probes of the "
                + limits.minimum()
                + " that are needed"
                + lastFailure(),
            figures)
        : new Verdict(Verdict.Kind.PASSED, told(), figures);
  }

  private boolean isTooMuch() {
    return 100 * count(Probe::failed) >= (long) limits.failureRate() * probes.size()
        || 100 * count(Probe::slow) >= (long) limits.slowRate() * probes.size();
  }

  private long count(Predicate<Probe> bad) {
    return probes.stream().filter(bad).count();
  }

  private String lastFailure() {
    return last.isEmpty() ? "" : "; last failure: " + last;
  }

  private String told() {
    return String.format(
        Locale.ROOT,
        "of the last %d probes %d failed (limit %d %%) and %d were slow (limit %d %%)",
        probes.size(),
        count(Probe::failed),
        limits.failureRate(),
        count(Probe::slow),
        limits.slowRate());
  }

  private record Probe(boolean failed, boolean slow) {}
}
