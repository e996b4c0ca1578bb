package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Names;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a deployment is done: how it probes, in which steps it moves traffic, how long it watches. A
 * policy is data only, and is journaled with the deployment; the manager is given the behaviour
 * (checks, gates, hooks), and a policy names it. Immutable; each method returns a changed copy.
 *
 * @param probing how slots are proved
 * @param steps percent of requests that the candidate gets, one move each, growing and ending in
 *     100; a first deployment always moves at once
 * @param hold the watch after each move but the last
 * @param bake the watch after the last move, while the former live colour is warm
 * @param limits how long each kind of step may take
 * @param options yes-or-no choices that differ from the default
 * @param without the guarantees of a router that the host can do without
 * @param pointsOfNoReturn names of hooks behind which a failure, or an abort, leaves traffic and
 *     slots as they are for a person, as with {@link Option#FREEZE_ON_FAILURE}
 */
public record DeploymentPolicy(
    Probing probing,
    List<Integer> steps,
    Watch hold,
    Watch bake,
    TimeLimits limits,
    Set<Option> options,
    Set<RouterGuarantee> without,
    Set<String> pointsOfNoReturn)
    implements JsonForm {

  /** How many steps a shift may have, so that the journal stays small. */
  private static final int MOST_STEPS = 20;

  /** Choices that are off by default. */
  public enum Option {
    /** On failure after traffic has moved: leave traffic and slots for a person, do not go back. */
    FREEZE_ON_FAILURE,
    /** When all is done: drain and stop the former live colour instead of keeping it warm. */
    STOP_FORMER_LIVE,
    /** After the drain's deadline: end what the router says is still in flight. */
    CUT_AFTER_DRAIN,
    /** Before the first move of traffic: wait until a person approves. */
    ASK_FOR_APPROVAL,
    /**
     * With {@link #ASK_FOR_APPROVAL}, where nobody has approved or aborted by the limit: go on.
     * Without it the deployment is aborted then.
     */
    PROMOTE_UNLESS_ABORTED,
    /**
     * A deployment of a release ends another one that waits or bakes, in any process: that one is
     * aborted first. Without it the deployment is refused, and the exception names the holder of
     * the group.
     */
    SUPERSEDE
  }

  /** The percents of a gradual shift that names none. */
  public static final List<Integer> GRADUAL = List.of(10, 25, 50, 75, 100);

  /** Health as users know it, all traffic at once, no bake, the former live colour kept warm. */
  public static final DeploymentPolicy DEFAULT =
      new DeploymentPolicy(
          Probing.DEFAULT,
          List.of(100),
          Watch.NONE,
          Watch.NONE,
          TimeLimits.DEFAULT,
          Set.of(),
          Set.of(),
          Set.of());

  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException if the steps do not grow from at least 1 to exactly 100
   */
  public DeploymentPolicy {
    Objects.requireNonNull(probing, "probing");
    ArgumentChecks.noNulls("steps", steps);
    Objects.requireNonNull(hold, "hold");
    Objects.requireNonNull(bake, "bake");
    Objects.requireNonNull(limits, "limits");
    ArgumentChecks.noNulls("options", options);
    ArgumentChecks.noNulls("without", without);
    ArgumentChecks.noNulls("pointsOfNoReturn", pointsOfNoReturn);
    steps = List.copyOf(steps);
    // In their order, so that a policy is always told and written in the same words.
    options = Collections.unmodifiableSet(new TreeSet<>(options));
    without = Collections.unmodifiableSet(new TreeSet<>(without));
    pointsOfNoReturn = Collections.unmodifiableSet(new TreeSet<>(pointsOfNoReturn));
    pointsOfNoReturn.forEach(hook -> Names.name("hook", hook));
    ArgumentChecks.require(
        "steps", steps.size() <= MOST_STEPS, "at most " + MOST_STEPS, steps.size());
    int before = 0;
    for (int percent : steps) {
      ArgumentChecks.require(
          "steps", percent > before && percent <= 100, "percents that grow from 1 to 100", steps);
      before = percent;
    }
    ArgumentChecks.require("steps", before == 100, "100 as the last", steps);
  }

  /**
   * Reads a policy from data, such as a configuration file: a JSON object of what differs from
   * {@link #DEFAULT}, under the names of the parts of this record and of {@link Probing}, {@link
   * Watch} and {@link TimeLimits}. Durations are text, such as {@code "90s"}, {@code "1h30m"} or
   * {@code "PT1H30M"}.
   *
   * @throws IllegalArgumentException if it is no such object; the message names the place, and what
   *     was expected there. An unknown key is refused, and so is one that stands there twice
   */
  public static DeploymentPolicy fromJson(String json) {
    Objects.requireNonNull(json, "json");
    return PolicyJson.read(json);
  }

  /** Returns all of this as JSON with line breaks, which {@link #fromJson} reads. */
  @Override
  public String toJson() {
    return PolicyJson.write(this);
  }

  /** Returns this with another way of probing. */
  public DeploymentPolicy probing(Probing probing) {
    Objects.requireNonNull(probing, "probing");
    return new DeploymentPolicy(
        probing, steps, hold, bake, limits, options, without, pointsOfNoReturn);
  }

  /** Returns this with a gradual shift over {@link #GRADUAL}. */
  public DeploymentPolicy shift(Watch between) {
    Objects.requireNonNull(between, "between");
    return shift(between, GRADUAL.toArray(Integer[]::new));
  }

  /** Returns this with the percents of its moves; what is watched between them stays. */
  public DeploymentPolicy steps(Integer... percents) {
    ArgumentChecks.noNulls("percents", percents);
    return shift(hold, percents);
  }

  /**
   * Returns this with a gradual shift: one move for each percent, and a watch after each but the
   * last.
   */
  public DeploymentPolicy shift(Watch between, Integer... percents) {
    Objects.requireNonNull(between, "between");
    ArgumentChecks.noNulls("percents", percents);
    return new DeploymentPolicy(
        probing, List.of(percents), between, bake, limits, options, without, pointsOfNoReturn);
  }

  /** Returns this with a watch over the candidate after it has all the traffic. */
  public DeploymentPolicy bake(Watch watch) {
    Objects.requireNonNull(watch, "watch");
    return new DeploymentPolicy(
        probing, steps, hold, watch, limits, options, without, pointsOfNoReturn);
  }

  /** Returns this with other limits. */
  public DeploymentPolicy limits(TimeLimits limits) {
    Objects.requireNonNull(limits, "limits");
    return new DeploymentPolicy(
        probing, steps, hold, bake, limits, options, without, pointsOfNoReturn);
  }

  /** Returns this with another limit for a drain. */
  public DeploymentPolicy drain(Duration limit) {
    Objects.requireNonNull(limit, "limit");
    return limits(limits.drain(limit));
  }

  /** Returns this with a choice taken. */
  public DeploymentPolicy with(Option option) {
    Objects.requireNonNull(option, "option");
    EnumSet<Option> more = EnumSet.of(option);
    more.addAll(options);
    return new DeploymentPolicy(
        probing, steps, hold, bake, limits, more, without, pointsOfNoReturn);
  }

  /**
   * Returns this for a router that does not promise what is named here. Only name what the router's
   * warning has told, and what the users of the service can live without.
   */
  public DeploymentPolicy acceptWithout(RouterGuarantee guarantee) {
    Objects.requireNonNull(guarantee, "guarantee");
    EnumSet<RouterGuarantee> more = EnumSet.of(guarantee);
    more.addAll(without);
    return new DeploymentPolicy(
        probing, steps, hold, bake, limits, options, more, pointsOfNoReturn);
  }

  /** Returns this with a hook behind which nothing leads back. */
  public DeploymentPolicy noReturnBehind(String hook) {
    Objects.requireNonNull(hook, "hook");
    TreeSet<String> more = new TreeSet<>(pointsOfNoReturn);
    more.add(hook);
    return new DeploymentPolicy(probing, steps, hold, bake, limits, options, without, more);
  }

  /** Returns whether this has an option. */
  public boolean has(Option option) {
    Objects.requireNonNull(option, "option");
    return options.contains(option);
  }
}
