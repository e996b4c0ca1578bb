package io.bluegreen.gate;

import io.bluegreen.Gate;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter.Measure;
import io.bluegreen.Verdict;
import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges each slot by what the router counted in the recent past: its error rate, its mean or a
 * quantile of its latency, against a fixed limit. It needs no monitoring system.
 *
 * <p>Above the limit is FAILED. INCONCLUSIVE, with the reason, is a slot with fewer requests in the
 * window than the minimum, and every reading that can't be true: a meter that throws, counts
 * backwards, has more errors than requests, or knows nothing of a slot. The first look of a hold
 * only starts to count. Each hold is counted by itself, so that its window never reaches into
 * another split; nothing is remembered of another deployment, nor over a restart of the process.
 *
 * <p>The window ends with the reading and moves by the reading's own time. Quantiles are known to
 * 7.2 % and are never too low. Where the proxy tells only a recent mean (HAProxy: of its last 1024
 * requests) it may reach further back than the window; the minimum counts the requests of the
 * window.
 *
 * <p>The methods that change something return a gate of its own, which has seen nothing yet. Safe
 * for use by several threads.
 */
public final class CounterGate implements Gate {
  /** The window, unless told otherwise: 1 minute. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  /** The least requests in the window, unless told otherwise: 50. */
  public static final long MINIMUM = 50;

  private final CounterLimit limit;
  private final Duration length;
  private final long minimum;
  private final JudgedSlots choice;
  private Optional<HoldId> hold = Optional.empty();
  private SlidingWindow window;

  private CounterGate(CounterLimit limit, Duration length, long minimum, JudgedSlots choice) {
    this.limit = limit;
    this.length = length;
    this.minimum = minimum;
    this.choice = choice;
    this.window = new SlidingWindow(length);
  }

  /**
   * Returns a gate that fails where more than this share of answers has a status of 5xx.
   *
   * @param limit such as 0.05 for 5 %
   * @throws IllegalArgumentException if it is not from 0 to 1
   */
  public static CounterGate errorRate(double limit) {
    return of(new CounterLimit.ErrorRate(ArgumentChecks.between("limit", 0.0, 1.0, limit)));
  }

  /**
   * Returns a gate that fails where answers take longer than this on average.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static CounterGate mean(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return of(new CounterLimit.Mean(ArgumentChecks.positive("limit", limit)));
  }

  /** As {@link #quantile} with 0.95. */
  public static CounterGate p95(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return quantile(0.95, limit);
  }

  /** As {@link #quantile} with 0.99. */
  public static CounterGate p99(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return quantile(0.99, limit);
  }

  /**
   * Returns a gate that fails where such a share of answers takes longer than the limit. Needs a
   * router whose meter sees each request: embedded or nginx.
   *
   * @param share such as 0.95 for the 95th percentile
   * @throws IllegalArgumentException if the share is not between 0 and 1, or the limit not positive
   */
  public static CounterGate quantile(double share, Duration limit) {
    Objects.requireNonNull(limit, "limit");
    ArgumentChecks.require("share", share > 0 && share < 1, "more than 0 and less than 1", share);
    return of(new CounterLimit.Quantile(share, ArgumentChecks.positive("limit", limit)));
  }

  private static CounterGate of(CounterLimit limit) {
    return new CounterGate(limit, WINDOW, MINIMUM, JudgedSlots.DEFAULT);
  }

  /**
   * Returns this with another length of the window.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public CounterGate window(Duration other) {
    Objects.requireNonNull(other, "other");
    return new CounterGate(limit, ArgumentChecks.positive("window", other), minimum, choice);
  }

  /**
   * Returns this with another number of requests that each slot must have had in the window.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public CounterGate minimum(long requests) {
    return new CounterGate(limit, length, ArgumentChecks.atLeast("minimum", 1, requests), choice);
  }

  /** Returns this for other slots than those of the candidate. */
  public CounterGate judging(Judged judged) {
    Objects.requireNonNull(judged, "judged");
    return new CounterGate(
        limit,
        length,
        minimum,
        new JudgedSlots(judged, choice.services(), choice.clientErrorsToo()));
  }

  /** Returns this for some services only, such as those that have enough requests to be judged. */
  public CounterGate services(String... names) {
    ArgumentChecks.noNulls("names", names);
    return new CounterGate(
        limit,
        length,
        minimum,
        new JudgedSlots(choice.judged(), Set.of(names), choice.clientErrorsToo()));
  }

  /** Returns this with answers of 4xx counted as errors, too. */
  public CounterGate clientErrorsToo() {
    return new CounterGate(
        limit, length, minimum, new JudgedSlots(choice.judged(), choice.services(), true));
  }

  @Override
  public Set<Measure> needs() {
    return Set.of(limit.needs());
  }

  @Override
  public Verdict judge(Context context) {
    Objects.requireNonNull(context, "context");
    List<Slot> slots = choice.slots(context);
    try {
      // The meter may hang: it is not asked under the lock.
      MeterSnapshot now = MeterSnapshot.read(context, slots, choice.clientErrorsToo());
      return judge(slots, begin(HoldId.of(context), now), now);
    } catch (NoVerdict e) {
      return Verdict.inconclusive(e.reason());
    }
  }

  /** Forgets what it has seen: the router that counted it is closed, too. */
  @Override
  public synchronized void close() {
    hold = Optional.empty();
  }

  /** Returns where the window begins that ends now. */
  private synchronized MeterSnapshot begin(HoldId now, MeterSnapshot look) throws NoVerdict {
    if (!hold.equals(Optional.of(now))) {
      hold = Optional.of(now);
      window = new SlidingWindow(length);
    }
    return window.begin(look);
  }

  private Verdict judge(List<Slot> slots, MeterSnapshot begin, MeterSnapshot now) throws NoVerdict {
    Map<String, String> figures = new TreeMap<>();
    figures.put("window", Durations.describe(Duration.between(begin.at(), now.at())));
    List<String> failed = new ArrayList<>();
    List<String> few = new ArrayList<>();
    for (Slot slot : slots) {
      SlotCounts counts = now.since(begin, slot);
      figures.put(slot.toString(), limit.shown(counts));
      if (limit.sample(counts) < minimum) {
        few.add(slot + " has had " + limit.sample(counts) + " requests of at least " + minimum);
      } else if (limit.exceeded(counts)) {
        failed.add(slot + " " + limit.shown(counts));
      }
    }
    if (!failed.isEmpty()) {
      String reason = "more than " + limit + ": " + String.join("; ", failed);
      return new Verdict(Verdict.Kind.FAILED, reason, figures);
    }
    return few.isEmpty()
        ? new Verdict(Verdict.Kind.PASSED, "within " + limit, figures)
        : new Verdict(Verdict.Kind.INCONCLUSIVE, String.join("; ", few), figures);
  }

  /** Returns what is judged, for a person. */
  @Override
  public String toString() {
    return limit.toString();
  }

  /** Whose slots are judged. */
  public enum Judged {
    /** Those that gain traffic. */
    CANDIDATE,
    /** Those that lose it; without traffic, as during the bake, they allow no verdict. */
    LIVE,
    /** All of them that have traffic, each against the same limit. */
    BOTH
  }
}
