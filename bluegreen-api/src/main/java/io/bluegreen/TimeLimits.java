package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.time.Duration;
import java.util.Objects;

/**
 * How long each kind of step may take. Each parameter names what the time is for. Immutable; each
 * method returns a changed copy.
 *
 * @param launch for a launcher to start a slot; 60 s by default
 * @param move for a router to make and prove one switch; 10 s by default
 * @param drain for what a slot still answers to end, waited for in full where the router can't
 *     know; 30 s by default
 * @param stopGrace between asking a process to end and forcing it; 10 s by default
 * @param hook for one hook; 5 min by default
 * @param approval for a person to approve; 1 h by default
 * @param pause for a paused deployment to be resumed, before it is aborted; 24 h by default
 * @param lease for somebody else who acts on the group to end; zero, by default, to be refused at
 *     once
 * @param whole for all that leads to the last step that can be undone, beside the limits of the
 *     steps; zero, by default, for no such limit. When it is over the deployment goes back as after
 *     a step that failed. It counts from the moment at which the deployment has the group. The time
 *     in which it waits for a person (an approval, a pause) has limits of its own and does not
 *     count, nor does the time in which it is suspended. It never cuts a switch that was asked for,
 *     nor the way back
 */
public record TimeLimits(
    Duration launch,
    Duration move,
    Duration drain,
    Duration stopGrace,
    Duration hook,
    Duration approval,
    Duration pause,
    Duration lease,
    Duration whole)
    implements JsonForm {
  /** The defaults. */
  public static final TimeLimits DEFAULT =
      new TimeLimits(
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofMinutes(5),
          Duration.ofHours(1),
          Duration.ofHours(24),
          Duration.ZERO,
          Duration.ZERO);

  /**
   * Validates. Its arguments are of one type, so that a wrong order of them is not noticed: where
   * you set some, start with {@link #DEFAULT} and call the method that is named for each, such as
   * {@code TimeLimits.DEFAULT.drain(Duration.ofMinutes(2))}.
   *
   * @throws IllegalArgumentException if one is not positive (drain, stopGrace, lease and whole: is
   *     negative)
   */
  public TimeLimits {
    Objects.requireNonNull(launch, "launch");
    Objects.requireNonNull(move, "move");
    Objects.requireNonNull(drain, "drain");
    Objects.requireNonNull(stopGrace, "stopGrace");
    Objects.requireNonNull(hook, "hook");
    Objects.requireNonNull(approval, "approval");
    Objects.requireNonNull(pause, "pause");
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(whole, "whole");
    ArgumentChecks.positive("launch", launch);
    ArgumentChecks.positive("move", move);
    ArgumentChecks.notNegative("drain", drain);
    ArgumentChecks.notNegative("stopGrace", stopGrace);
    ArgumentChecks.positive("hook", hook);
    ArgumentChecks.positive("approval", approval);
    ArgumentChecks.positive("pause", pause);
    ArgumentChecks.notNegative("lease", lease);
    ArgumentChecks.notNegative("whole", whole);
  }

  /** Returns this with another limit for a launch. */
  public TimeLimits launch(Duration launch) {
    Objects.requireNonNull(launch, "launch");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with another limit for a switch. */
  public TimeLimits move(Duration move) {
    Objects.requireNonNull(move, "move");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with another limit for a drain. */
  public TimeLimits drain(Duration drain) {
    Objects.requireNonNull(drain, "drain");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with another grace for a process to end. */
  public TimeLimits stopGrace(Duration stopGrace) {
    Objects.requireNonNull(stopGrace, "stopGrace");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with another limit for a hook. */
  public TimeLimits hook(Duration hook) {
    Objects.requireNonNull(hook, "hook");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with another limit for an approval. */
  public TimeLimits approval(Duration approval) {
    Objects.requireNonNull(approval, "approval");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with another limit for a pause. */
  public TimeLimits pause(Duration pause) {
    Objects.requireNonNull(pause, "pause");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with a limit for waiting until the group is free. */
  public TimeLimits lease(Duration lease) {
    Objects.requireNonNull(lease, "lease");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }

  /** Returns this with a limit for the whole deployment; zero for none. */
  public TimeLimits whole(Duration whole) {
    Objects.requireNonNull(whole, "whole");
    return new TimeLimits(launch, move, drain, stopGrace, hook, approval, pause, lease, whole);
  }
}
