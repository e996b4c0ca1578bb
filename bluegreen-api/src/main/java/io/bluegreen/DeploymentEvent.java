package io.bluegreen;

import io.bluegreen.support.Given;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Something that a deployment did or found. Values; kinds are added in minor releases. */
public sealed interface DeploymentEvent {
  /** Returns when it happened. */
  Instant at();

  /** Returns the id of the deployment. */
  String deploymentId();

  /** Returns one line for a person. */
  String describe();

  /**
   * It begins.
   *
   * @param operation what was asked for
   * @param steps the plan, a line each
   */
  record Started(Instant at, String deploymentId, String operation, List<String> steps)
      implements DeploymentEvent {
    /** Refuses null. */
    public Started {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(operation, "operation");
      Given.noNulls("steps", steps);
    }

    @Override
    public String describe() {
      return operation + " begins, " + steps.size() + " steps";
    }
  }

  /**
   * A phase begins.
   *
   * @param phase the phase
   */
  record PhaseEntered(Instant at, String deploymentId, Phase phase) implements DeploymentEvent {
    /** Refuses null. */
    public PhaseEntered {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(phase, "phase");
    }

    @Override
    public String describe() {
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
  record Launched(Instant at, String deploymentId, Slot slot, String version, LaunchState state)
      implements DeploymentEvent {
    /** Refuses null. */
    public Launched {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(version, "version");
      Objects.requireNonNull(state, "state");
    }

    @Override
    public String describe() {
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
      Instant at,
      String deploymentId,
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
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Given.noNulls("slots", slots);
      Objects.requireNonNull(detail, "detail");
    }

    @Override
    public String describe() {
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
      Instant at,
      String deploymentId,
      TrafficSplit from,
      TrafficSplit to,
      Set<String> nothingBefore,
      long generation,
      Duration took)
      implements DeploymentEvent {
    /** Copies, and refuses null. */
    public TrafficMoved {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
      Objects.requireNonNull(took, "took");
      Given.noNulls("nothingBefore", nothingBefore);
      nothingBefore = Set.copyOf(nothingBefore);
    }

    @Override
    public String describe() {
      Set<String> nothingYet =
          nothingBefore.stream()
              .filter(to.services()::contains)
              .filter(service -> to.share(service, Color.GREEN) == from.share(service, Color.GREEN))
              .collect(Collectors.toSet());
      return "traffic moved to "
          + to.describe(nothingYet)
          + " in "
          + took.toMillis()
          + " ms (was "
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
  record GateJudged(Instant at, String deploymentId, String gate, Verdict verdict)
      implements DeploymentEvent {
    /** Refuses null. */
    public GateJudged {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(gate, "gate");
      Objects.requireNonNull(verdict, "verdict");
    }

    @Override
    public String describe() {
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
  record Waiting(Instant at, String deploymentId, String reason, int percent, Duration left)
      implements DeploymentEvent {
    /** Refuses null. */
    public Waiting {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(left, "left");
    }

    @Override
    public String describe() {
      return reason + " at " + percent + "%, at most " + left.toSeconds() + " s";
    }
  }

  /**
   * Somebody has asked something of the deployment.
   *
   * @param signal what, who and why
   */
  record Asked(Instant at, String deploymentId, Signal signal) implements DeploymentEvent {
    /** Refuses null. */
    public Asked {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(signal, "signal");
    }

    @Override
    public String describe() {
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
  record Suspended(Instant at, String deploymentId, String reason) implements DeploymentEvent {
    /** Refuses null. */
    public Suspended {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String describe() {
      return "suspended: " + reason;
    }
  }

  /**
   * A deployment that was suspended goes on.
   *
   * @param what it waited for
   */
  record CarriedOn(Instant at, String deploymentId, String what) implements DeploymentEvent {
    /** Refuses null. */
    public CarriedOn {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(what, "what");
    }

    @Override
    public String describe() {
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
  record Drained(Instant at, String deploymentId, Slot slot, InFlight inFlight, int cut)
      implements DeploymentEvent {
    /** Refuses null. */
    public Drained {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(slot, "slot");
      Objects.requireNonNull(inFlight, "inFlight");
    }

    @Override
    public String describe() {
      return slot + " drained, in flight: " + inFlight + (cut > 0 ? ", cut: " + cut : "");
    }
  }

  /**
   * A slot was stopped.
   *
   * @param slot which
   */
  record Stopped(Instant at, String deploymentId, Slot slot) implements DeploymentEvent {
    /** Refuses null. */
    public Stopped {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(slot, "slot");
    }

    @Override
    public String describe() {
      return slot + " stopped";
    }
  }

  /**
   * Something failed, or somebody asked to stop: the deployment goes back.
   *
   * @param reason why
   */
  record UndoStarted(Instant at, String deploymentId, String reason) implements DeploymentEvent {
    /** Refuses null. */
    public UndoStarted {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String describe() {
      return "going back: " + reason;
    }
  }

  /**
   * Something that the host should know, but that does not stop the deployment.
   *
   * @param message what
   */
  record Warned(Instant at, String deploymentId, String message) implements DeploymentEvent {
    /** Refuses null. */
    public Warned {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(message, "message");
    }

    @Override
    public String describe() {
      return "warning: " + message;
    }
  }

  /**
   * It ended.
   *
   * @param result how
   */
  record Ended(Instant at, String deploymentId, DeploymentResult result)
      implements DeploymentEvent {
    /** Refuses null. */
    public Ended {
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(deploymentId, "deploymentId");
      Objects.requireNonNull(result, "result");
    }

    @Override
    public String describe() {
      return result.toString();
    }
  }
}
