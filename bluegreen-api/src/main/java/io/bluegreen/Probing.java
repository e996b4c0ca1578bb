package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.util.Objects;

/**
 * How often and for how long instances are probed. Immutable; each method returns a changed copy.
 *
 * @param interval the time from the start of one round of probes to the start of the next; 1 s by
 *     default
 * @param timeout the limit of one probe, a hard one; 5 s by default
 * @param deadline the limit of the whole proof, from the launch on; 30 s by default
 * @param passes how many passes in a row prove a slot; a pass is a round in which all its instances
 *     are up; 2 by default
 * @param failures after how many failures in a row a slot that has been up once is given up before
 *     the deadline; 3 by default
 * @param initialDelay the time before the first probe; none by default
 * @param jitter how much an interval is made shorter or longer at random, as a fraction of it, 0 to
 *     1; 0.1 by default
 */
public record Probing(
    Duration interval,
    Duration timeout,
    Duration deadline,
    int passes,
    int failures,
    Duration initialDelay,
    double jitter)
    implements JsonForm {
  /** The defaults, as users of load balancers know them. */
  public static final Probing DEFAULT =
      new Probing(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          2,
          3,
          Duration.ZERO,
          0.1);

  /**
   * Validates. Several of its arguments are of one type, and a wrong order of them is not always
   * noticed: where you set some, start with {@link #DEFAULT} and call the method that is named for
   * each, such as {@code Probing.DEFAULT.passes(3)}.
   *
   * @throws IllegalArgumentException if a duration is not positive (the delay: is negative), the
   *     interval is longer than the deadline, a count is not positive, or the jitter is outside 0
   *     to 1
   */
  public Probing {
    Objects.requireNonNull(interval, "interval");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(initialDelay, "initialDelay");
    ArgumentChecks.positive("interval", interval);
    ArgumentChecks.positive("timeout", timeout);
    ArgumentChecks.positive("deadline", deadline);
    ArgumentChecks.notNegative("initialDelay", initialDelay);
    ArgumentChecks.requireBoth(
        "interval",
        interval,
        "deadline",
        deadline,
        interval.compareTo(deadline) <= 0,
        "more than one probe within the deadline");
    ArgumentChecks.atLeast("passes", 1, passes);
    ArgumentChecks.atLeast("failures", 1, failures);
    ArgumentChecks.between("jitter", 0.0, 1.0, jitter);
  }

  /** Returns this with another interval. */
  public Probing every(Duration interval) {
    Objects.requireNonNull(interval, "interval");
    return new Probing(interval, timeout, deadline, passes, failures, initialDelay, jitter);
  }

  /** Returns this with another limit for one probe. */
  public Probing timeout(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return new Probing(interval, timeout, deadline, passes, failures, initialDelay, jitter);
  }

  /** Returns this with another limit for the whole proof. */
  public Probing upTo(Duration deadline) {
    Objects.requireNonNull(deadline, "deadline");
    return new Probing(interval, timeout, deadline, passes, failures, initialDelay, jitter);
  }

  /** Returns this with another number of passes in a row that prove a slot. */
  public Probing passes(int inARow) {
    return new Probing(interval, timeout, deadline, inARow, failures, initialDelay, jitter);
  }

  /**
   * Returns this with another number of failures in a row after which a slot that has been up once
   * is given up.
   */
  public Probing failures(int inARow) {
    return new Probing(interval, timeout, deadline, passes, inARow, initialDelay, jitter);
  }

  /** Returns this with another delay before the first probe. */
  public Probing initialDelay(Duration initialDelay) {
    Objects.requireNonNull(initialDelay, "initialDelay");
    return new Probing(interval, timeout, deadline, passes, failures, initialDelay, jitter);
  }

  /** Returns this with another jitter. */
  public Probing jitter(double fraction) {
    return new Probing(interval, timeout, deadline, passes, failures, initialDelay, fraction);
  }
}
