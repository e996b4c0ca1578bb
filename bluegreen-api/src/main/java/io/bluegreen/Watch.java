package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import io.bluegreen.support.Names;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How long the traffic is held where it is, and which gates judge meanwhile. Immutable; each method
 * returns a changed copy.
 *
 * <p>Common practice for a bake is 30 minutes with one look a minute.
 *
 * @param duration how long it is held at least; zero for no hold
 * @param every how often the slots are probed and each gate is asked, from the start of one look to
 *     that of the next; what is asked as the hold begins decides nothing
 * @param gates names of gates given to the manager; may be empty
 * @param failuresInARow how many failures of one gate, without a pass between them, fail the
 *     deployment; 1 by default. Counted again in each hold
 * @param failuresInAll how many failures of one gate, in a row or not, fail the deployment; 0, the
 *     default, for no such limit. Counted again in each hold
 * @param requests how many requests each candidate must have answered since the hold began, before
 *     the hold ends; 0 by default. It needs a router that counts
 * @param longest how long the hold may last while gates are inconclusive or requests are missing,
 *     after which the deployment fails; zero, by default, for twice the duration, or ten looks if
 *     that is more
 */
public record Watch(
    Duration duration,
    Duration every,
    List<String> gates,
    int failuresInARow,
    int failuresInAll,
    long requests,
    Duration longest)
    implements JsonForm {
  /** Looks that a gate has at least before it must give a verdict. */
  private static final int PATIENCE = 10;

  /** No hold at all. */
  public static final Watch NONE = new Watch(Duration.ZERO, Duration.ofSeconds(60), List.of());

  /** The time between two looks, unless told otherwise: 15 s. */
  public static final Duration LOOK = Duration.ofSeconds(15);

  /**
   * Returns a watch without gates that lasts so long. It looks every {@link #LOOK}, or once where
   * it is shorter than that.
   */
  public static Watch lasting(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    boolean shorter = !duration.isZero() && duration.compareTo(LOOK) < 0;
    return new Watch(duration, shorter ? duration : LOOK, List.of());
  }

  /** Returns this with another time between two looks. */
  public Watch every(Duration interval) {
    Objects.requireNonNull(interval, "interval");
    return new Watch(duration, interval, gates, failuresInARow, failuresInAll, requests, longest);
  }

  /** Returns this with these gates, by the names under which the manager has them. */
  public Watch gates(String... names) {
    ArgumentChecks.noNulls("names", names);
    return new Watch(
        duration, every, List.of(names), failuresInARow, failuresInAll, requests, longest);
  }

  /** A watch whose first failed verdict decides. */
  public Watch(Duration duration, Duration every, List<String> gates) {
    this(duration, every, gates, 1, 0, 0, Duration.ZERO);
  }

  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException if a duration or a number is negative, the interval or the
   *     failures in a row are not positive, the longest time is shorter than the duration, the
   *     interval is longer than a duration that is all the time that there is, or a name is no
   *     gate's name or is there twice
   */
  public Watch {
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(every, "every");
    ArgumentChecks.noNulls("gates", gates);
    Objects.requireNonNull(longest, "longest");
    ArgumentChecks.notNegative("duration", duration);
    ArgumentChecks.positive("every", every);
    ArgumentChecks.notNegative("longest", longest);
    gates = List.copyOf(gates);
    gates.forEach(gate -> Names.name("gate", gate));
    ArgumentChecks.require(
        "gates",
        Set.copyOf(gates).size() == gates.size(),
        "each once, or its failures would count twice",
        gates);
    ArgumentChecks.atLeast("failuresInARow", 1, failuresInARow);
    ArgumentChecks.atLeast("failuresInAll", 0, failuresInAll);
    ArgumentChecks.atLeast("requests", 0, requests);
    ArgumentChecks.requireBoth(
        "duration",
        duration,
        "every",
        every,
        duration.isZero() || !longest.isZero() || every.compareTo(duration) <= 0,
        "at least one look within the duration");
    ArgumentChecks.require(
        "longest",
        longest.isZero() || longest.compareTo(duration) >= 0,
        "at least the duration of " + Durations.describe(duration),
        longest);
  }

  /** Returns this, failing only when one gate has failed so many times in a row. */
  public Watch failuresInARow(int failures) {
    return new Watch(duration, every, gates, failures, failuresInAll, requests, longest);
  }

  /** Returns this, failing also when one gate has failed so many times, in a row or not. */
  public Watch failuresInAll(int failures) {
    return new Watch(duration, every, gates, failuresInARow, failures, requests, longest);
  }

  /**
   * Returns this, ending as soon as each candidate has answered so many requests, but not before
   * the duration; where that is not so within the longest time, the deployment fails: no data is
   * never a pass.
   */
  public Watch untilRequests(long least, Duration atLongest) {
    Objects.requireNonNull(atLongest, "atLongest");
    return new Watch(duration, every, gates, failuresInARow, failuresInAll, least, atLongest);
  }

  /** Returns whether there is anything to wait for. */
  public boolean isNone() {
    return duration.isZero() && gates.isEmpty() && requests == 0;
  }

  /** Returns how long the hold lasts at most, pauses aside. */
  public Duration atMost() {
    if (!longest.isZero()) {
      return longest;
    }
    if (gates.isEmpty() && requests == 0) {
      return duration;
    }
    Duration looks = every.multipliedBy(PATIENCE);
    Duration twice = duration.multipliedBy(2);
    return looks.compareTo(twice) > 0 ? looks : twice;
  }
}
