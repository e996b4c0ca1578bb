package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Slot;
import io.bluegreen.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a comparison gate has seen in the hold of now: from which look on it counts, and how each
 * service compares. Safe for use by several threads.
 */
final class HoldComparison {
  private final ComparisonRules rules;
  private final Map<String, ServiceComparison> comparisons = new HashMap<>();
  private Optional<HoldId> hold = Optional.empty();
  private Optional<MeterSnapshot> begin = Optional.empty();
  private Optional<MeterSnapshot> last = Optional.empty();

  HoldComparison(ComparisonRules rules) {
    this.rules = rules;
  }

  /** Forgets everything. */
  synchronized void forget() {
    hold = Optional.empty();
    last = Optional.empty();
  }

  /** Reads the meter once and compares what came since the hold began. */
  Verdict judge(Gate.Context context) throws NoVerdict {
    HoldId now = HoldId.of(context);
    List<Slot> services = context.candidates().stream().filter(this::isChosen).toList();
    List<Slot> compared = services.stream().filter(slot -> now.hasTraffic(slot.other())).toList();
    List<Slot> both = new ArrayList<>(compared);
    compared.forEach(slot -> both.add(slot.other()));
    // The meter may hang: it is not asked under the lock.
    MeterSnapshot look = MeterSnapshot.read(context, both, rules.clientErrorsToo);
    synchronized (this) {
      follow(now, services.size(), compared, look);
      MeterSnapshot since = begin.orElseThrow();
      List<ServiceComparison> judged = new ArrayList<>();
      for (Slot slot : compared) {
        ServiceComparison comparison = comparison(slot, services.size());
        comparison.judge(look.since(since, slot), look.since(since, slot.other()));
        judged.add(comparison);
      }
      return verdict(judged);
    }
  }

  private boolean isChosen(Slot slot) {
    return rules.services.isEmpty() || rules.services.contains(slot.service().name());
  }

  /** Starts the data again where the last look does not lead to this one. */
  private void follow(HoldId now, int services, List<Slot> compared, MeterSnapshot look)
      throws NoVerdict {
    boolean sameHold = hold.equals(Optional.of(now));
    boolean onward = sameHold && last.filter(look::continues).isPresent();
    if (!hold.map(HoldId::deploymentId).equals(Optional.of(now.deploymentId()))) {
      comparisons.clear();
    }
    hold = Optional.of(now);
    last = Optional.of(look);
    if (onward) {
      return;
    }
    begin = Optional.of(look);
    for (Slot slot : compared) {
      if (sameHold) {
        comparison(slot, services).again();
      } else {
        comparison(slot, services).begin();
      }
    }
    throw new NoVerdict(
        sameHold
            ? "the meter's counters ran backwards: counting begins again"
            : "counting begins with this look");
  }

  private ServiceComparison comparison(Slot slot, int services) {
    return comparisons.computeIfAbsent(
        slot.service().name(), service -> ofService(service, services));
  }

  /** Returns the comparison of one of so many services, which has seen nothing yet. */
  ServiceComparison ofService(String service, int services) {
    return new ServiceComparison(service, rules, rules.significanceOfOne(services));
  }

  /** One that is worse is enough; otherwise one without a verdict leaves all without one. */
  private static Verdict.Kind kind(List<ServiceComparison> judged) {
    List<Verdict.Kind> kinds = judged.stream().map(ServiceComparison::kind).toList();
    return kinds.contains(Verdict.Kind.FAILED)
        ? Verdict.Kind.FAILED
        : kinds.contains(Verdict.Kind.INCONCLUSIVE)
            ? Verdict.Kind.INCONCLUSIVE
            : Verdict.Kind.PASSED;
  }

  private static Verdict verdict(List<ServiceComparison> judged) {
    Verdict.Kind kind = kind(judged);
    String reason =
        judged.stream()
            .filter(comparison -> comparison.kind() == kind)
            .map(ServiceComparison::reason)
            .collect(Collectors.joining("; "));
    Map<String, String> figures = new TreeMap<>();
    judged.forEach(comparison -> comparison.figures(figures));
    return new Verdict(kind, reason, figures);
  }
}
