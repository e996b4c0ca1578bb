package io.bluegreen;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Moves the traffic of one group in one proxy. The manager opens it, asks it, and closes it; it
 * calls {@link #apply} only while it holds the group's lease and never from two threads at once,
 * whereas the asking methods may be called at any time after {@link #open}.
 *
 * <p>The proxy is the truth: an implementation never answers from memory what it can ask.
 *
 * <p>Prove an implementation with {@code io.bluegreen.testing.contract.RouterContract}.
 */
public interface Router extends AutoCloseable {
  /**
   * Looks at the proxy and says what can be promised with it. Only reads: it changes neither the
   * proxy nor a file that serves, and opens no door, so that it may be called without the lease; it
   * may create and remove files of its own to find out whether the proxy sees them. Called once,
   * before anything else.
   *
   * @param opening the group, and what was last acknowledged
   * @throws RouterException if the proxy as configured can't be switched at all; the message has
   *     the reason and the remedy
   */
  RouterReport open(Opening opening);

  /**
   * Begins to serve, where this router is itself the proxy and lives in this process: opens its
   * doors, with the split that was acknowledged last. Called under the group's lease, after {@link
   * #open}, by every operation and recovery before it looks at anything else. Does nothing where it
   * serves already, whatever the opening says. By default does nothing: the proxy is another
   * program, which serves by itself.
   *
   * <p>Before it, such a router listens nowhere, so that whoever only looks (a plan, a status)
   * takes no port from the process that serves; {@link #current} is {@link RouterTruth.NotServing}.
   *
   * @param opening the group, and what is acknowledged now
   * @throws RouterException if it can't; then it serves nothing, and may be asked again
   */
  default void serve(Opening opening) {}

  /**
   * Returns what the proxy serves now, asked of the proxy; never throws for one that is down. It
   * tells the fence by which {@link #apply} refuses, so that a manager whose record was lost, or is
   * an older copy, can go on above it.
   */
  RouterTruth current();

  /**
   * Makes the proxy serve {@code change.to()}, and proves it.
   *
   * <p>When it returns, running and durable truth are {@code to}, no request routed by the split
   * that starts later reaches a slot whose share is 0 (where {@link Guarantee#NO_STALE} was
   * declared), and none has failed because of the switch (where {@link Guarantee#LOSSLESS} was). At
   * no moment does a service have no target. Idempotent: a proxy that serves {@code to} already is
   * left as it is, apart from its generation and from making durable truth equal. Every service
   * that the switch speaks of counts as assigned from then on.
   *
   * <p>After a crash or an interruption at any moment the proxy serves either {@code from} or
   * {@code to}, whole where {@link Guarantee#ATOMIC_GROUP} was declared; elsewhere each service
   * serves one of them, and the next call may finish such a group.
   *
   * @throws RouterException if it was not proven: the fence is lower than one seen before, the
   *     proxy serves neither split, it refuses, or the limit is over. Its effect is read back from
   *     the proxy
   */
  void apply(Switch change);

  /**
   * Returns what {@link #apply} would do, exactly: commands, file operations, a diff. Touches
   * nothing.
   *
   * @throws RouterException if the proxy can't be asked
   */
  default List<String> plan(Switch change) {
    return List.of("change the split from " + change.from() + " to " + change.to());
  }

  /**
   * Returns what a slot is still answering, in all workers of the proxy.
   *
   * @throws RouterException if the proxy can't be asked
   */
  default InFlight inFlight(Slot slot) {
    return InFlight.UNKNOWN;
  }

  /**
   * Ends what a slot is still answering and returns how much that was. Called after the drain's
   * deadline, only if the policy says so and the slot's share is 0.
   *
   * @throws RouterException if the proxy can't be asked, or can't do it
   */
  default int cut(Slot slot) {
    throw new RouterException(
        "this router can't cut what " + slot + " still answers; it stays until it ends by itself",
        RouterException.Effect.UNCHANGED);
  }

  /**
   * Returns what {@link #meter} will tell of each slot. Known before {@link #open}, so that a gate
   * which the meter can't feed is refused when the manager is built. Constant; by default nothing.
   */
  default Set<TrafficMeter.Measure> measures() {
    return Set.of();
  }

  /** Returns the proxy's counters, if it has some that tell the slots apart. */
  default Optional<TrafficMeter> meter() {
    return Optional.empty();
  }

  /**
   * Ends threads and connections of this router. The proxy goes on serving, unless it is embedded.
   */
  @Override
  void close();

  /**
   * What a router is opened with. Immutable.
   *
   * @param group the services to route
   * @param acknowledged the split of the last switch that was acknowledged, if there was one. Only
   *     a router whose truth dies with this process takes it as its start; others may compare
   * @param generation of that switch; 0 if there was none
   */
  record Opening(Group group, Optional<TrafficSplit> acknowledged, long generation) {
    /**
     * Returns what a router that is itself the proxy begins to serve: what was acknowledged last;
     * and blue, unassigned, for services that this does not speak of.
     */
    public RouterTruth.Known start() {
      TrafficSplit split = TrafficSplit.all(group, Color.BLUE);
      Map<String, Integer> known = acknowledged.map(TrafficSplit::green).orElse(Map.of());
      Set<String> unassigned = new TreeSet<>();
      for (String service : split.services()) {
        Optional<Integer> green = Optional.ofNullable(known.get(service));
        if (green.isPresent()) {
          split = split.with(service, Color.GREEN, green.get());
        } else {
          unassigned.add(service);
        }
      }
      return new RouterTruth.Known(split, split, List.of(), generation, 0, unassigned, List.of());
    }
  }
}
