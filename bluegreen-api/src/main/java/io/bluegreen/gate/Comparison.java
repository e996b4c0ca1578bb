package io.bluegreen.gate;

import io.bluegreen.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The two colours of one service, over the looks of one deployment. Not safe for threads. */
final class Comparison {
  private final String service;
  private final Rules rules;
  private final double significance;
  private final Looks looks;
  private Optional<Verdict> last = Optional.empty();

  /**
   * Compares nothing yet.
   *
   * @param significance of one test
   */
  Comparison(String service, Rules rules, double significance) {
    this.service = service;
    this.rules = rules;
    this.significance = significance;
    this.looks = new Looks(rules.looks, rules.minimum);
  }

  /** A hold begins, and with it the data. */
  void begin() {
    looks.begin();
  }

  /** The data begin anew in the same hold. */
  void again() {
    looks.again();
  }

  /** Judges what both have answered since then; between two looks the last one's verdict stands. */
  Verdict judge(Tally candidate, Tally live) throws Untold {
    Map<String, String> figures = new TreeMap<>();
    if (rules.errors()) {
      figures.put(service + " errors", candidate.errorsShown() + ", live " + live.errorsShown());
    }
    if (rules.latency()) {
      figures.put(service + " latency", candidate.latencies() + ", live " + live.latencies());
    }
    long sample = Math.min(rules.sample(candidate), rules.sample(live));
    if (looks.due(sample)) {
      looks.spend(sample);
      last = Optional.of(look(candidate, live));
    }
    figures.put(service + " looks", looks.toString());
    if (sample < rules.minimum) {
      String reason = ": " + sample + " requests on each colour of at least " + rules.minimum;
      return new Verdict(Verdict.Kind.INCONCLUSIVE, service + reason, figures);
    }
    Verdict verdict = last.orElseThrow(() -> new Untold(service + ": no look gave a verdict"));
    figures.putAll(verdict.figures());
    return new Verdict(verdict.kind(), verdict.reason(), figures);
  }

  private Verdict look(Tally candidate, Tally live) throws Untold {
    Map<String, String> figures = new TreeMap<>();
    List<String> worse = new ArrayList<>();
    if (rules.errors()) {
      double p = ErrorTest.pValue(candidate, live, rules.ratio);
      figures.put(service + " errors p", shown(p));
      if (p <= significance && candidate.errorRate() - live.errorRate() > rules.points) {
        worse.add("errors " + candidate.errorsShown() + ", live " + live.errorsShown());
      }
    }
    if (rules.latency()) {
      int longer = RankTest.buckets(rules.factor);
      double p = RankTest.pValue(candidate.latencies(), live.latencies(), longer);
      figures.put(service + " latency p", shown(p));
      if (p <= significance) {
        worse.add("latency " + candidate.latencies() + ", live " + live.latencies());
      }
    }
    return worse.isEmpty()
        ? new Verdict(Verdict.Kind.PASSED, service + " is not worse than live", figures)
        : new Verdict(
            Verdict.Kind.FAILED,
            service + " is worse than live: " + String.join("; ", worse),
            figures);
  }

  private String shown(double p) {
    return String.format(Locale.ROOT, "%.2g, worse at %.2g", p, significance);
  }
}
