package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.TrafficMeter.Measure;
import io.bluegreen.Verdict;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.OptionalLibrary;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compares the candidate with the live colour by what both have answered since the hold began. The
 * candidate is worse if its error rate is higher by more than a margin, or its time to answer is
 * longer by more than a factor. FAILED only where chance does not explain that; PASSED where there
 * was enough to see and nothing was significantly worse; a bigger {@link #minimum} makes that a
 * stronger statement. It judges in the shift only, because in a bake the live colour answers
 * nothing.
 *
 * <p>Errors are judged by the exact conditional binomial test for a ratio of two rates, latencies
 * by the Mann-Whitney U test, corrected for ties, of the candidate's times against live's made
 * longer by the factor (Apache Commons Statistics: an optional dependency, which a host that uses
 * this gate has to add). The rank test sees that answers as a whole became longer; where only the
 * slowest few did, a {@link CounterGate} with a quantile sees it.
 *
 * <p>Looking again and again at growing data would find something in the end. So there are at most
 * {@value #LOOKS} looks at a service in a deployment, each at twice the requests of the one before,
 * and in each hold at most half of those that are left; the significance is shared among all looks,
 * services and measures (Bonferroni). It bounds the false alarms of a whole deployment. Asked
 * between two looks the gate repeats the last one's verdict on new figures; when all looks are
 * spent, the last one's verdict stands for what comes, as soon as there is enough to see. Requests
 * are taken as independent of each other; where they are not quite so, the margin covers it.
 *
 * <p>INCONCLUSIVE, with the reason, are fewer requests than the minimum on either colour, and every
 * reading that can't be true; counters that run backwards start the data again. A service of which
 * live has no traffic is left out. Looks are counted by this process: after a restart in the middle
 * of a deployment they start again.
 *
 * <p>The methods that change something return a gate of its own, which has seen nothing yet. Safe
 * for use by several threads.
 */
public final class ComparisonGate implements Gate {
  /** Looks at a service in a deployment, unless told otherwise. */
  public static final int LOOKS = 20;

  /** False alarms that a deployment may have on average, unless told otherwise: 1 in 10,000. */
  public static final double SIGNIFICANCE = 0.0001;

  /** Requests that each colour must have had, unless told otherwise. */
  public static final long MINIMUM = 200;

  /** How many times live's error rate is no alarm, unless told otherwise. */
  public static final double ERROR_RATIO = 1.25;

  /** How much more than live's error rate is no alarm, unless told otherwise: 0.1 % of requests. */
  public static final double ERROR_POINTS = 0.001;

  /** How many times live's time to answer is no alarm, unless told otherwise. */
  public static final double LATENCY_FACTOR = 1.5;

  private final ComparisonRules rules;
  final HoldComparison comparison;

  private ComparisonGate(ComparisonRules rules) {
    OptionalLibrary.COMMONS_STATISTICS.require(ComparisonGate.class);
    this.rules = rules;
    this.comparison = new HoldComparison(rules);
  }

  /**
   * Returns a gate that compares error rates; every router with a meter can feed it.
   *
   * @throws IllegalStateException if Commons Statistics is not there; the message says what to add
   */
  public static ComparisonGate errors() {
    return new ComparisonGate(new ComparisonRules(Measure.ERRORS));
  }

  /**
   * Returns a gate that compares times to answer; needs a meter that sees each request.
   *
   * @throws IllegalStateException if Commons Statistics is not there; the message says what to add
   */
  public static ComparisonGate latency() {
    return new ComparisonGate(new ComparisonRules(Measure.LATENCY_DISTRIBUTION));
  }

  /**
   * Returns a gate that compares both; needs a meter that sees each request.
   *
   * @throws IllegalStateException if Commons Statistics is not there; the message says what to add
   */
  public static ComparisonGate errorsAndLatency() {
    return new ComparisonGate(new ComparisonRules(Measure.ERRORS, Measure.LATENCY_DISTRIBUTION));
  }

  /**
   * Returns this with another margin for errors; both must be exceeded.
   *
   * @param ratio how many times live's error rate is no alarm; at least 1
   * @param points how much more than live's error rate is no alarm, such as 0.001; 0 to 1
   * @throws IllegalArgumentException if one is outside its range
   */
  public ComparisonGate errorMargin(double ratio, double points) {
    ArgumentChecks.requireBoth(
        "ratio",
        ratio,
        "points",
        points,
        ratio >= 1 && ratio <= 1000 && points >= 0 && points <= 1,
        "a ratio of 1 to 1000 and points of 0 to 1");
    return with(
        copy -> {
          copy.ratio = ratio;
          copy.points = points;
        });
  }

  /**
   * Returns this with another factor for times to answer, rounded up to the resolution of {@link
   * io.bluegreen.LatencyHistogram}: 1.5 is 1.52.
   *
   * @param factor how many times live's time is no alarm; at least 1
   * @throws IllegalArgumentException if it is not from 1 to 1000
   */
  public ComparisonGate latencyFactor(double factor) {
    ArgumentChecks.between("factor", 1.0, 1000.0, factor);
    return with(copy -> copy.factor = factor);
  }

  /**
   * Returns this with another share of deployments that may have a false alarm.
   *
   * @throws IllegalArgumentException if it is not above 0 and at most 0.1
   */
  public ComparisonGate significance(double share) {
    ArgumentChecks.require(
        "significance", share > 0 && share <= 0.1, "more than 0 and at most 0.1", share);
    return with(copy -> copy.significance = share);
  }

  /**
   * Returns this with another number of requests that each colour of a service must have had since
   * the hold began.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public ComparisonGate minimum(long requests) {
    ArgumentChecks.atLeast("minimum", 1, requests);
    return with(copy -> copy.minimum = requests);
  }

  /**
   * Returns this with another number of looks at a service in a deployment.
   *
   * @throws IllegalArgumentException if it is not from 1 to 1000
   */
  public ComparisonGate looks(int planned) {
    ArgumentChecks.between("looks", 1, 1000, planned);
    return with(copy -> copy.looks = planned);
  }

  /** Returns this for some services only, such as those that have enough requests to be judged. */
  public ComparisonGate services(String... names) {
    ArgumentChecks.noNulls("names", names);
    return with(copy -> copy.services = Set.of(names));
  }

  /** Returns this with answers of 4xx counted as errors, too. */
  public ComparisonGate clientErrorsToo() {
    return with(copy -> copy.clientErrorsToo = true);
  }

  private ComparisonGate with(Consumer<ComparisonRules> change) {
    return new ComparisonGate(rules.with(change));
  }

  @Override
  public Set<Measure> needs() {
    return rules.measures;
  }

  @Override
  public boolean comparesWithLive() {
    return true;
  }

  @Override
  public Verdict judge(Context context) {
    Objects.requireNonNull(context, "context");
    try {
      return comparison.judge(context);
    } catch (NoVerdict e) {
      return Verdict.inconclusive(e.reason());
    }
  }

  /** Forgets what it has seen: the router that counted it is closed, too. */
  @Override
  public void close() {
    comparison.forget();
  }

  /** Returns what is compared, for a person. */
  @Override
  public String toString() {
    return "comparison of " + rules.measures;
  }
}
