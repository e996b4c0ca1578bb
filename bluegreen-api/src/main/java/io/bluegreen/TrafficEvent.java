package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What a deployment did with the traffic: it was moved, or is held where it is and judged. */
public sealed interface TrafficEvent extends DeploymentEvent {
  /**
   * The traffic was moved, and router truth says so.
   *
   * @param from the split before
   * @param to the split now
   * @param nothingBefore services for which nothing was ever assigned before the move
   * @param generation the generation of the switch
   * @param took the time from the intent to the proof
   */
  record TrafficMoved(
      Stamp stamp,
      TrafficSplit from,
      TrafficSplit to,
      Set<String> nothingBefore,
      long generation,
      Duration took)
      implements TrafficEvent {
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
  record GateJudged(Stamp stamp, String gate, Verdict verdict) implements TrafficEvent {
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
   * The deployment waits. This event comes again at each look.
   *
   * @param reason what it waits for
   * @param percent the percent of the traffic that the candidates have meanwhile
   * @param left how long it may still wait
   */
  record Waiting(Stamp stamp, String reason, int percent, Duration left) implements TrafficEvent {
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
}
