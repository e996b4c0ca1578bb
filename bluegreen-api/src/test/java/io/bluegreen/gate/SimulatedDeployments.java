package io.bluegreen.gate;

import io.bluegreen.Color;
import io.bluegreen.Gate;
import io.bluegreen.LatencyHistogram;
import io.bluegreen.Phase;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.PoissonDistribution;

/**
 * Deployments of two services in six holds, in which a comparison gate spends all of its 20 looks.
 * Errors are binomial. Times are log-normal; half of the requests have one, the rest are
 * WebSockets, so that their number may be drawn, too. Repeatable: each deployment has its seed.
 */
final class SimulatedDeployments {
  static final int LOOKS = 20;
  private static final int[] SHARES = {10, 25, 50, 75, 90, 95};

  /** The gate takes as many: it leaves half of its looks for later holds. */
  private static final int[] LOOKS_IN_HOLD = {5, 5, 5, 3, 1, 1};

  /** With so many questions in each hold all looks are spent. */
  static final int STEPS = 5;

  /**
   * Requests of the colour with fewer of them at the first look: half of these are enough for it.
   */
  private static final int FIRST = 600;

  private static final int TIMES = 8;
  private static final List<Slot> SLOTS =
      Stream.of("dash", "web").flatMap(SimulatedDeployments::slots).toList();

  private static final List<Slot> CANDIDATES = List.of(slot(0, 1), slot(1, 1));
  private static final List<Slot> LIVE = List.of(slot(0, 0), slot(1, 0));
  private static final Map<Integer, TrafficSplit> SPLITS =
      Arrays.stream(SHARES)
          .boxed()
          .collect(
              Collectors.toMap(
                  share -> share, share -> new TrafficSplit(Map.of("dash", share, "web", share))));

  private final Supplier<ComparisonGate> gates;
  private final int steps;
  private final double[] errorRate = new double[2];
  private final Duration[][] times = new Duration[2][TIMES];
  private final Map<Long, NumberSampler> errors = new HashMap<>();
  private final Map<Integer, NumberSampler> timed = new HashMap<>();

  /**
   * Prepares them.
   *
   * @param steps in which each hold's requests grow, at most {@link #STEPS}
   * @param slower how many times live's time the candidate takes
   */
  SimulatedDeployments(
      Supplier<ComparisonGate> gates,
      int steps,
      double liveErrors,
      double candidateErrors,
      double slower) {
    this.gates = gates;
    this.steps = steps;
    errorRate[0] = liveErrors;
    errorRate[1] = candidateErrors;
    NormalDistribution normal = NormalDistribution.of(0, 0.6);
    Arrays.setAll(
        times[0],
        i -> millis(50 * Math.exp(normal.inverseCumulativeProbability((i + 0.5) / TIMES))));
    Arrays.setAll(times[1], i -> millis(slower * times[0][i].toNanos() / 1e6));
    for (int share : SHARES) {
      for (int step = 0; step < steps; step++) {
        for (int color = 0; color < 2; color++) {
          prepare(requests(share, step, color), color);
        }
      }
    }
  }

  /** Returns how many requests the colour with fewer of them has in each hold. */
  int requestsInHold() {
    return IntStream.range(0, steps).map(step -> requests(50, step, 1)).sum();
  }

  /** Returns how many of so many deployments the gate fails. */
  long failed(int deployments) {
    return IntStream.range(0, deployments).parallel().filter(this::fails).count();
  }

  /** Every hundredth is judged by the gate itself, too, which must say the same at each look. */
  private boolean fails(int deployment) {
    SplittableRandom random = new SplittableRandom(deployment);
    ComparisonGate gate = gates.get();
    Optional<WholeGate> whole =
        deployment % 100 == 0 ? Optional.of(new WholeGate(gate)) : Optional.empty();
    ServiceComparison[] services = {
      gate.comparison.ofService("dash", 2), gate.comparison.ofService("web", 2)
    };
    for (int hold = 0; hold < SHARES.length; hold++) {
      int share = SHARES[hold];
      Counts[][] counts = new Counts[services.length][2];
      for (int service = 0; service < services.length; service++) {
        services[service].begin();
        Arrays.setAll(counts[service], color -> new Counts());
      }
      whole.ifPresent(g -> g.begin(share));
      for (int step = 0; step < Math.min(steps, LOOKS_IN_HOLD[hold]); step++) {
        boolean failed = false;
        for (int service = 0; service < services.length; service++) {
          for (int color = 0; color < 2; color++) {
            answer(counts[service][color], requests(share, step, color), color, random);
          }
          failed |= worse(services[service], counts[service]);
        }
        boolean shown = failed;
        whole.ifPresent(g -> g.check(share, counts, shown));
        if (failed) {
          return true;
        }
      }
    }
    whole.filter(g -> steps == STEPS).ifPresent(WholeGate::checkLooks);
    return false;
  }

  private static boolean worse(ServiceComparison service, Counts[] counts) {
    try {
      service.judge(counts[1].counts(), counts[0].counts());
    } catch (NoVerdict e) {
      throw new IllegalStateException(e);
    }
    if (service.kind() == Verdict.Kind.INCONCLUSIVE) {
      throw new IllegalStateException("there are enough requests at each look");
    }
    return service.kind() == Verdict.Kind.FAILED;
  }

  /** Of each colour there are two and a half times as many with each step: a look is due. */
  private static int requests(int share, int step, int color) {
    double fewer = step == 0 ? FIRST : FIRST * 1.5 * Math.pow(2.5, step - 1);
    int mine = color == 1 ? share : 100 - share;
    return (int) (fewer * mine / Math.min(share, 100 - share));
  }

  private void prepare(int requests, int color) {
    BinomialDistribution binomial = BinomialDistribution.of(requests, errorRate[color]);
    errors.computeIfAbsent(key(requests, color), k -> new NumberSampler(binomial));
    PoissonDistribution poisson = PoissonDistribution.of(requests / 2.0 / TIMES);
    timed.computeIfAbsent(requests, k -> new NumberSampler(poisson));
  }

  private void answer(Counts counts, int requests, int color, SplittableRandom random) {
    counts.requests += requests;
    counts.errors += errors.get(key(requests, color)).draw(random);
    NumberSampler sampler = timed.get(requests);
    for (Duration time : times[color]) {
      counts.times.add(time, sampler.draw(random));
    }
  }

  private static long key(int requests, int color) {
    return 2L * requests + color;
  }

  private static Gate.Context context(int share, Counts[][] counts) {
    Map<Slot, TrafficMeter.Count> slots = new HashMap<>();
    for (int service = 0; service < counts.length; service++) {
      for (int color = 0; color < 2; color++) {
        slots.put(slot(service, color), counts[service][color].count());
      }
    }
    TrafficMeter.Reading reading = new TrafficMeter.Reading(Instant.EPOCH, slots);
    return new Gate.Context(
        "d",
        Phase.SHIFT,
        Optional.empty(),
        CANDIDATES,
        LIVE,
        Objects.requireNonNull(SPLITS.get(share)),
        Duration.ZERO,
        Optional.of(() -> reading));
  }

  private static Slot slot(int service, int color) {
    return SLOTS.get(2 * service + color);
  }

  private static Stream<Slot> slots(String name) {
    Service service =
        Service.named(name).blue("http://127.0.0.1:10101").green("http://127.0.0.1:10102");
    return Stream.of(Color.BLUE, Color.GREEN).map(color -> new Slot("shop", service, color));
  }

  private static Duration millis(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  /** The gate, asked as a deployment asks it: of a meter that counts on from hold to hold. */
  private static final class WholeGate {
    private final ComparisonGate gate;
    private final Counts[][] before = new Counts[SLOTS.size() / 2][2];
    private Counts[][] now = before;
    private int share;

    WholeGate(ComparisonGate gate) {
      this.gate = gate;
      for (Counts[] service : before) {
        Arrays.setAll(service, color -> new Counts());
      }
    }

    void begin(int toGreen) {
      share = toGreen;
      for (int service = 0; service < before.length; service++) {
        System.arraycopy(now[service], 0, before[service], 0, 2);
      }
      gate.judge(context(share, before));
    }

    void check(int toGreen, Counts[][] sinceBegin, boolean failed) {
      now = new Counts[before.length][2];
      for (int service = 0; service < before.length; service++) {
        for (int color = 0; color < 2; color++) {
          now[service][color] = before[service][color].plus(sinceBegin[service][color]);
        }
      }
      Verdict.Kind kind = gate.judge(context(toGreen, now)).kind();
      if (kind != (failed ? Verdict.Kind.FAILED : Verdict.Kind.PASSED)) {
        throw new IllegalStateException("the gate says " + kind + ", its comparisons do not");
      }
    }

    void checkLooks() {
      String looks = gate.judge(context(share, now)).figures().get("web looks");
      if (!(LOOKS + " of " + LOOKS).equals(looks)) {
        throw new IllegalStateException("expected all looks to be spent, but were " + looks);
      }
    }
  }

  private static final class Counts {
    private final LatencyHistogram.Recorder times = new LatencyHistogram.Recorder();
    private LatencyHistogram former = LatencyHistogram.NONE;
    private long requests;
    private long errors;

    SlotCounts counts() {
      return new SlotCounts(requests, errors, times.latencies(), Optional.empty());
    }

    Counts plus(Counts more) {
      Counts sum = new Counts();
      sum.requests = requests + more.requests;
      sum.errors = errors + more.errors;
      sum.former = latencies().plus(more.latencies());
      return sum;
    }

    TrafficMeter.Count count() {
      return TrafficMeter.Count.of(requests, 0, errors).with(latencies());
    }

    private LatencyHistogram latencies() {
      return former.plus(times.latencies());
    }
  }
}
