package io.bluegreen.gate;

import io.bluegreen.Verdict.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The two colours of one service, over the looks of one deployment. Not safe for threads. */
final class ServiceComparison {
  private final String service;
  private final ComparisonRules rules;
  private final double significance;
  private final LookSchedule looks;
  private Optional<Look> last = Optional.empty();
  private Optional<Data> now = Optional.empty();

  /**
   * Compares nothing yet.
   *
   * @param significance the significance of one test
   */
  ServiceComparison(String service, ComparisonRules rules, double significance) {
    this.service = service;
    this.rules = rules;
    this.significance = significance;
    this.looks = new LookSchedule(rules.looks, rules.minimum);
  }

  /** A hold begins, and with it the data. */
  void begin() {
    looks.begin();
  }

  /** The data start again in the same hold. */
  void again() {
    looks.again();
  }

  /** Takes what both have answered since then, and looks at it if that is due. */
  void judge(SlotCounts candidate, SlotCounts live) throws NoVerdict {
    Data data = new Data(candidate, live);
    now = Optional.of(data);
    long sample = sample(data);
    if (looks.due(sample)) {
      looks.spend(sample);
      last = Optional.empty(); // Where this look gives none, no earlier verdict stands for it.
      last = Optional.of(look(data));
    }
    if (sample >= rules.minimum && last.isEmpty()) {
      throw new NoVerdict(service + ": no look gave a verdict");
    }
  }

  /** Returns the answer; between two looks the last one's stands. */
  Kind kind() {
    return now.filter(data -> sample(data) >= rules.minimum).isEmpty()
        ? Kind.INCONCLUSIVE
        : last.filter(Look::worse).isPresent() ? Kind.FAILED : Kind.PASSED;
  }

  /** Returns why, for a person. */
  String reason() {
    return switch (kind()) {
      case INCONCLUSIVE ->
          service
              + ": "
              + now.map(this::sample).orElse(0L)
              + " requests on each colour of at least "
              + rules.minimum;
      case FAILED -> service + " is worse than live: " + last.map(this::worse).orElse("");
      case PASSED -> service + " is not worse than live";
    };
  }

  /** Adds what the answer is based on. */
  void figures(Map<String, String> figures) {
    figures.put(service + " looks", looks.toString());
    now.filter(data -> rules.errors()).ifPresent(d -> figures.put(service + " errors", d.errors()));
    now.filter(data -> rules.latency())
        .ifPresent(data -> figures.put(service + " latency", data.latency()));
    last.filter(look -> rules.errors())
        .ifPresent(look -> figures.put(service + " errors p", shown(look.errorsP)));
    last.filter(look -> rules.latency())
        .ifPresent(look -> figures.put(service + " latency p", shown(look.latencyP)));
  }

  private Look look(Data data) throws NoVerdict {
    double errorsP = 1;
    double latencyP = 1;
    if (rules.errors()) {
      errorsP = ErrorRateComparison.pValue(data.candidate, data.live, rules.ratio);
    }
    if (rules.latency()) {
      int longer = LatencyComparison.buckets(rules.factor);
      latencyP =
          LatencyComparison.pValue(data.candidate.latencies(), data.live.latencies(), longer);
    }
    double more = data.candidate.errorRate() - data.live.errorRate();
    return new Look(
        data,
        errorsP,
        latencyP,
        errorsP <= significance && more > rules.points,
        latencyP <= significance);
  }

  private long sample(Data data) {
    return Math.min(rules.sample(data.candidate), rules.sample(data.live));
  }

  private String worse(Look look) {
    List<String> worse = new ArrayList<>();
    if (look.moreErrors) {
      worse.add("errors " + look.data.errors());
    }
    if (look.longer) {
      worse.add("latency " + look.data.latency());
    }
    return String.join("; ", worse);
  }

  private String shown(double p) {
    return String.format(Locale.ROOT, "%.2g, worse at %.2g", p, significance);
  }

  private record Data(SlotCounts candidate, SlotCounts live) {
    String errors() {
      return candidate.errorsShown() + ", live " + live.errorsShown();
    }

    String latency() {
      return candidate.latencies() + ", live " + live.latencies();
    }
  }

  private record Look(
      Data data, double errorsP, double latencyP, boolean moreErrors, boolean longer) {
    boolean worse() {
      return moreErrors || longer;
    }
  }
}
