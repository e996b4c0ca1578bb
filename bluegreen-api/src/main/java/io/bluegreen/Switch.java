package io.bluegreen;

import io.bluegreen.support.ArgumentChecks;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.util.Objects;

/**
 * One change from a split to a split, as a router is asked to make it. Immutable.
 *
 * @param from the split that the proxy serves now; it may also serve {@code to} already
 * @param to the split that it is to serve, for the same services
 * @param generation grows with every switch of the group, for ever; the proxy carries it, so that a
 *     split that was left and entered again is told apart
 * @param deploymentId the id of the deployment that asks
 * @param fence grows with every holder of the group's lease; a router refuses one that is lower
 *     than the highest it has durably seen
 * @param within how long the router may take to make and to prove it
 */
public record Switch(
    TrafficSplit from,
    TrafficSplit to,
    long generation,
    String deploymentId,
    long fence,
    Duration within) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the two splits speak of different services, a number is not
   *     positive, or the limit is not
   */
  public Switch {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(deploymentId, "deploymentId");
    Objects.requireNonNull(within, "within");
    if (!from.services().equals(to.services())) {
      throw new IllegalArgumentException(
          "to: a switch keeps its services, but from has "
              + from.services()
              + " and to has "
              + to.services());
    }
    ArgumentChecks.atLeast("generation", 1, generation);
    ArgumentChecks.atLeast("fence", 1, fence);
    ArgumentChecks.positive("within", within);
  }

  /**
   * Lets this switch start, or refuses it: the one rule for every router. A router asks its proxy
   * while it keeps other switches away, calls this, and writes nothing before it has returned.
   *
   * <p>It may begin where the proxy has the same services, has seen no higher fence, serves {@code
   * from} or {@code to}, and carries a lower generation, or this very switch.
   *
   * @param found what the proxy serves, with the highest fence that it has seen
   * @throws RouterException if it may not begin, with {@link RouterException.Effect#UNCHANGED}; the
   *     message says why, what is serving, and what to do
   */
  public void admit(RouterTruth.Known found) {
    admit(found, 0);
  }

  /**
   * As {@link #admit(RouterTruth.Known)}, where what a cold start would serve carries a generation
   * of its own.
   *
   * @param durable the generation of {@code found.durable()}; 0 if it carries none
   * @throws RouterException as there
   */
  public void admit(RouterTruth.Known found, long durable) {
    Objects.requireNonNull(found, "found");
    TrafficSplit running = found.running();
    if (!running.services().equals(to.services())) {
      throw refused(
          "it speaks of " + to.services() + ", but the router has " + running.services(),
          running,
          "make the switch and the router from one group");
    }
    if (fence < found.fence()) {
      throw refused(
          "its fence "
              + fence
              + " is lower than "
              + found.fence()
              + ", which was seen before, so that another manager has taken over the group",
          running,
          "start the operation again if this one is to act: it goes on above that");
    }
    if (!running.equals(from) && !running.equals(to)) {
      throw refused(
          "the proxy serves neither " + from + " nor " + to,
          running,
          "find out who changed it, then call recover(ADOPT, who) or recover(REPAIR, who)");
    }
    above(found.generation(), running, running);
    above(durable, found.durable(), running);
  }

  private void above(long carried, TrafficSplit by, TrafficSplit running) {
    if (generation < carried || (generation == carried && !by.equals(to))) {
      throw refused(
          "its generation "
              + generation
              + " is not above "
              + carried
              + ", which the proxy carries for "
              + by
              + ", so that it comes late, or the store is older than the proxy",
          running,
          "start the operation again, or call recover(ADOPT, who) where it says that the record is"
              + " behind");
    }
  }

  private RouterException refused(String why, TrafficSplit running, String remedy) {
    return new RouterException(
        "the switch to "
            + to
            + " was refused: "
            + why
            + "; nothing was changed, "
            + running
            + " is serving; "
            + remedy,
        RouterException.Effect.UNCHANGED);
  }

  /** Returns the switch for a person. */
  @Override
  public String toString() {
    return "from " + from + " to " + to + " within " + Durations.describe(within);
  }
}
