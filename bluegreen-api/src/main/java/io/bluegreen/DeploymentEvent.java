package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that a deployment did or found. Values; kinds are added in minor releases. What all
 * kinds have is in their {@link Stamp}, so that more of it changes no kind, and no pattern that
 * takes one apart.
 */
public sealed interface DeploymentEvent extends JsonForm {
  /** Returns what all kinds have: when, of which deployment, and how far it is. */
  Stamp stamp();

  /** Returns when it happened. */
  default Instant at() {
    return stamp().at();
  }

  /** Returns the name of the group. */
  default String group() {
    return stamp().group();
  }

  /** Returns the id of the deployment. */
  default String deploymentId() {
    return stamp().deploymentId();
  }

  /**
   * Returns the number of the step that the deployment is at: from 1 to {@link #stepCount}, and 0
   * before the first. It goes down while steps are undone.
   */
  default int step() {
    return stamp().step();
  }

  /** Returns how many steps the deployment has in all; 0 as long as it is not planned. */
  default int stepCount() {
    return stamp().stepCount();
  }

  /** Returns one line for a person, as {@code toString} does. */
  default String describe() {
    return toString();
  }

  /**
   * When an event happened, of which deployment it is, and how far that was then.
   *
   * @param at when it happened, by the wall clock
   * @param group the name of the group
   * @param deploymentId the id of the deployment
   * @param step the number of the step that the deployment is at, from 1; 0 before the first
   * @param stepCount how many steps it has in all; 0 as long as it is not planned
   */
  record Stamp(Instant at, String group, String deploymentId, int step, int stepCount)
      implements JsonForm {
    /** Refuses null, and a step that is not one of so many. */
    public Stamp {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(group, "group");
      Objects.requireNonNull(deploymentId, "deploymentId");
      ArgumentChecks.between("step", 0, stepCount, step);
    }
  }

  /**
   * It begins.
   *
   * @param operation what was asked for
   * @param steps the plan, a line each
   */
  record Started(Stamp stamp, String operation, List<String> steps) implements DeploymentEvent {
    /** Refuses null. */
    public Started {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(operation, "operation");
      ArgumentChecks.noNulls("steps", steps);
    }

    @Override
    public String toString() {
      return operation + " begins, " + steps.size() + " steps";
    }
  }

  /**
   * A phase begins.
   *
   * @param phase the phase
   */
  record PhaseEntered(Stamp stamp, Phase phase) implements DeploymentEvent {
    /** Refuses null. */
    public PhaseEntered {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(phase, "phase");
    }

    @Override
    public String toString() {
      return "phase " + phase;
    }
  }

  /**
   * A slot was launched.
   *
   * @param slot which
   * @param version of the release
   * @param state what the launcher says of it
   */
  record Launched(Stamp stamp, Slot slot, String version, LaunchState state)
      implements DeploymentEvent {
    /** Refuses null. */
    public Launched {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(state, "state");
    }

    @Override
    public String toString() {
      return slot + " launched with " + version + ": " + state;
    }
  }

  /**
   * All instances of some slots, or the front doors where they answer, were probed once.
   *
   * @param slots which
   * @param atFrontDoor whether the front doors of their services were probed
   * @param up how many instances are up
   * @param of how many there are
   * @param passes rounds in a row in which all were up
   * @param needed rounds in a row that prove the slots
   * @param detail of the first instance that is down, else of the first one
   */
  record Probed(
      Stamp stamp,
      List<Slot> slots,
      boolean atFrontDoor,
      int up,
      int of,
      int passes,
      int needed,
      String detail)
      implements DeploymentEvent {
    /** Refuses null. */
    public Probed {
      Objects.requireNonNull(stamp, "stamp");
      ArgumentChecks.noNulls("slots", slots);
      Objects.requireNonNull(detail, "detail");
    }

    @Override
    public String toString() {
      return (atFrontDoor
              ? "front door of " + slots.stream().map(slot -> slot.service().name()).toList()
              : slots)
          + " "
          + up
          + " of "
          + of
          + " up, pass "
          + passes
          + " of "
          + needed
          + ": "
          + detail;
    }
  }

  /**
   * The traffic was moved, and router truth says so.
   *
   * @param from the split before
   * @param to the split now
   * @param nothingBefore services for which nothing was ever assigned before it
   * @param generation of the switch
   * @param took from the intent to the proof
   */
  record TrafficMoved(
      Stamp stamp,
      TrafficSplit from,
      TrafficSplit to,
      Set<String> nothingBefore,
      long generation,
      Duration took)
      implements DeploymentEvent {
    /** Copies, and refuses null. */
    public TrafficMoved {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(took, "took");
      ArgumentChecks.noNulls("nothingBefore", nothingBefore);
      nothingBefore = Set.copyOf(nothingBefore);
    }

    @Override
    public String toString() {
      Set<String> nothingYet =
          nothingBefore.stream()
              .filter(to.services()::contains)
              .filter(service -> to.share(service, Color.GREEN) == from.share(service, Color.GREEN))
              .collect(Collectors.toSet());
      return "traffic moved to "
          + to.describe(nothingYet)
          + " in "
          + Durations.describe(took)
          + " (was "
          + from.describe(nothingBefore)
          + ")";
    }
  }

  /**
   * A gate was asked.
   *
   * @param gate its name
   * @param verdict its answer
   */
  record GateJudged(Stamp stamp, String gate, Verdict verdict) implements DeploymentEvent {
    /** Refuses null. */
    public GateJudged {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(gate, "gate");
      Objects.requireNonNull(verdict, "verdict");
    }

    @Override
    public String toString() {
      return "gate " + gate + " " + verdict;
    }
  }

  /**
   * The deployment waits; told again at each look.
   *
   * @param reason for what
   * @param percent of the traffic that the candidates have meanwhile
   * @param left at most
   */
  record Waiting(Stamp stamp, String reason, int percent, Duration left)
      implements DeploymentEvent {
    /** Refuses null. */
    public Waiting {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(left, "left");
    }

    @Override
    public String toString() {
      return reason + " at " + percent + "%, at most " + Durations.describe(left);
    }
  }

  /**
   * Somebody has asked something of the deployment.
   *
   * @param signal what, who and why
   */
  record Asked(Stamp stamp, Signal signal) implements DeploymentEvent {
    /** Refuses null. */
    public Asked {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(signal, "signal");
    }

    @Override
    public String toString() {
      return signal.by()
          + " asks to "
          + signal.kind().name().toLowerCase(Locale.ROOT)
          + (signal.why().isEmpty() ? "" : ": " + signal.why());
    }
  }

  /**
   * It waits, and its manager was closed: {@link BlueGreenManager#carryOn} finishes it.
   *
   * @param reason why, and what is serving
   */
  record Suspended(Stamp stamp, String reason) implements DeploymentEvent {
    /** Refuses null. */
    public Suspended {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
      return "suspended: " + reason;
    }
  }

  /**
   * A deployment that was suspended goes on.
   *
   * @param what it waited for
   */
  record CarriedOn(Stamp stamp, String what) implements DeploymentEvent {
    /** Refuses null. */
    public CarriedOn {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(what, "what");
    }

    @Override
    public String toString() {
      return "carried on from \"" + what + "\"";
    }
  }

  /**
   * A drain ended.
   *
   * @param slot which
   * @param inFlight what was left
   * @param cut how much of it was ended by force
   */
  record Drained(Stamp stamp, Slot slot, InFlight inFlight, int cut) implements DeploymentEvent {
    /** Refuses null. */
    public Drained {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(inFlight, "inFlight");
    }

    @Override
    public String toString() {
      return slot + " drained, in flight: " + inFlight + (cut > 0 ? ", cut: " + cut : "");
    }
  }

  /**
   * A slot was stopped.
   *
   * @param slot which
   */
  record Stopped(Stamp stamp, Slot slot) implements DeploymentEvent {
    /** Refuses null. */
    public Stopped {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(slot, "slot");
    }

    @Override
    public String toString() {
      return slot + " stopped";
    }
  }

  /**
   * Something failed, or somebody asked to stop: the deployment goes back.
   *
   * @param reason why
   */
  record UndoStarted(Stamp stamp, String reason) implements DeploymentEvent {
    /** Refuses null. */
    public UndoStarted {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
      return "going back: " + reason;
    }
  }

  /**
   * Something that the host should know, but that does not stop the deployment.
   *
   * @param message what
   */
  record Warned(Stamp stamp, String message) implements DeploymentEvent {
    /** Refuses null. */
    public Warned {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(message, "message");
    }

    @Override
    public String toString() {
      return "warning: " + message;
    }
  }

  /**
   * It ended.
   *
   * @param result how
   */
  record Ended(Stamp stamp, DeploymentResult result) implements DeploymentEvent {
    /** Refuses null. */
    public Ended {
      Objects.requireNonNull(stamp, "stamp");
      Objects.requireNonNull(result, "result");
    }

    @Override
    public String toString() {
      return result.toString();
    }
  }
}
