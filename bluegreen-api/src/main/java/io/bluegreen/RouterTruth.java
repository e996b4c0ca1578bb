package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a proxy serves, asked of the proxy itself at one moment. */
public sealed interface RouterTruth {

  /**
   * The proxy answered.
   *
   * @param running the split that new requests are routed by
   * @param durable the split that a cold start or the next reload would serve; equal to {@code
   *     running} where the proxy has no other place for it
   * @param formerWorkers splits by which workers of earlier generations still answer what came to
   *     them before; mostly empty. They take nothing new, so that they are no drift: {@link
   *     Router#inFlight} counts what they answer, and a drain waits for it. One that still takes
   *     new requests is told as {@link Drift.Kind#FORMER_WORKERS}, too
   * @param generation the generation of the last switch that the proxy carries; 0 if there was none
   * @param fence the highest fence that the router has seen, below which it refuses a switch;
   *     durably where the proxy outlives its router; 0 if there was none
   * @param unassigned services that were never switched by anybody: the proxy serves its rendered
   *     default for them, and nothing is live
   * @param drift what the router itself sees to be wrong; may be empty
   * @param durableUnknown why nobody can tell what a cold start or the next reload would serve,
   *     such as for a proxy on another machine; {@code durable} is then equal to {@code running},
   *     and says nothing. Mostly empty. A router of which this is so doesn't declare {@link
   *     RouterGuarantee#RELOAD_SAFE}
   */
  record Known(
      TrafficSplit running,
      TrafficSplit durable,
      List<TrafficSplit> formerWorkers,
      long generation,
      long fence,
      Set<String> unassigned,
      List<Drift> drift,
      Optional<String> durableUnknown)
      implements RouterTruth {
    private static final long HIGHEST = 1_000_000_000_000_000_000L;

    /**
     * Validates and copies.
     *
     * @throws IllegalArgumentException if generation or fence are negative or above 10^18, or what
     *     is durable is unknown and not equal to what runs
     */
    public Known {
      Objects.requireNonNull(running, "running");
      Objects.requireNonNull(durable, "durable");
      ArgumentChecks.noNulls("formerWorkers", formerWorkers);
      ArgumentChecks.noNulls("unassigned", unassigned);
      ArgumentChecks.noNulls("drift", drift);
      Objects.requireNonNull(durableUnknown, "durableUnknown");
      if (durableUnknown.isPresent() && !durable.equals(running)) {
        throw new IllegalArgumentException("durable: expected " + running + ", for it is unknown");
      }
      ArgumentChecks.require(
          "generation", generation >= 0 && generation <= HIGHEST, "0 to 10^18", generation);
      ArgumentChecks.require("fence", fence >= 0 && fence <= HIGHEST, "0 to 10^18", fence);
      formerWorkers = List.copyOf(formerWorkers);
      unassigned = Set.copyOf(unassigned);
      drift = List.copyOf(drift);
    }

    /** As the other one, where it is known what a cold start or the next reload would serve. */
    public Known(
        TrafficSplit running,
        TrafficSplit durable,
        List<TrafficSplit> formerWorkers,
        long generation,
        long fence,
        Set<String> unassigned,
        List<Drift> drift) {
      this(running, durable, formerWorkers, generation, fence, unassigned, drift, Optional.empty());
    }

    /** Returns what is served for a person. */
    @Override
    public String toString() {
      return running.describe(unassigned)
          + durableUnknown.map(why -> ", after a restart unknown: " + why).orElse("")
          + (durable.equals(running) ? "" : ", after a restart " + durable.describe(unassigned))
          + (formerWorkers.isEmpty() ? "" : ", by former workers " + formerWorkers)
          + (drift.isEmpty() ? "" : ", drift " + drift);
    }

    /** Returns a truth in which everything agrees. */
    public static Known settled(TrafficSplit split, long generation, long fence) {
      Objects.requireNonNull(split, "split");
      return new Known(split, split, List.of(), generation, fence, Set.of(), List.of());
    }

    /**
     * Returns whether every new request is routed by this split, now and after a cold start. What
     * former workers only finish does not count.
     */
    public boolean wholly(TrafficSplit split) {
      Objects.requireNonNull(split, "split");
      return running.equals(split)
          && durable.equals(split)
          && (!formerAccept() || formerWorkers.stream().allMatch(split::equals));
    }

    /**
     * Returns whether a new request can reach a colour of a service, now or after a cold start.
     *
     * @throws IllegalArgumentException if the proxy does not route that service
     */
    public boolean mayReach(String service, Color color) {
      Objects.requireNonNull(service, "service");
      Objects.requireNonNull(color, "color");
      return running.share(service, color) > 0
          || durable.share(service, color) > 0
          || (formerAccept()
              && formerWorkers.stream()
                  .anyMatch(
                      split ->
                          split.services().contains(service) && split.share(service, color) > 0));
    }

    /** Returns whether a former worker still takes new requests. */
    public boolean formerAccept() {
      return drift.stream().anyMatch(found -> found.kind() == Drift.Kind.FORMER_WORKERS);
    }
  }

  /**
   * The proxy could not be asked, so that nothing is known of what it serves.
   *
   * @param reason for a person
   */
  record Unreachable(String reason) implements RouterTruth {
    /** Refuses null. */
    public Unreachable {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The router is itself the proxy, and serves nothing in this process: nobody has called {@link
   * Router#serve} here. Another process may serve meanwhile.
   *
   * @param once what it begins with when it is to serve, by what was acknowledged last
   * @param reason for a person: what is so, and what else was seen
   */
  record NotServing(Known once, String reason) implements RouterTruth {
    /** Refuses null. */
    public NotServing {
      Objects.requireNonNull(once, "once");
      Objects.requireNonNull(reason, "reason");
    }

    /** Returns the reason, and what it will serve. */
    public String describe() {
      return reason
          + (once.unassigned().containsAll(once.running().services())
              ? "; nothing was ever live by the record"
              : "; by the record it will serve " + once.running());
    }
  }
}
