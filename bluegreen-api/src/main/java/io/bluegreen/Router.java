package io.bluegreen;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Moves the traffic of one group in one proxy. The manager opens it, asks it, and closes it; it
 * calls {@link #apply} only while it holds the group's lease and never from two threads at once,
 * whereas the asking methods may be called at any time after {@link #open}.
 *
 * <p>The proxy is the truth: an implementation never answers from memory what it can ask, nor from
 * a note of what it has applied. A person may have moved the traffic meanwhile.
 *
 * <p><b>What an author may leave out.</b> {@link #plan}, {@link #inFlight}, {@link #cut}, {@link
 * #listens}, {@link #measures} and {@link #meter} have defaults, which say what a deployment is
 * then without.
 *
 * <p>Prove an implementation with {@code io.bluegreen.testing.contract.RouterContract}.
 */
public interface Router extends AutoCloseable {
  /**
   * Looks at the proxy and says what can be promised with it. Only reads: it changes neither the
   * proxy nor a file that serves, and opens no door, so that it may be called without the lease; it
   * may create and remove files of its own to find out whether the proxy sees them. Called before
   * anything else, once; when it has thrown, the next operation of the manager calls it again.
   *
   * <p>A proxy that is down can't be looked at: then it throws, and nothing is begun.
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
   * <p>Before it, such a router listens nowhere, so that a caller that only looks (a plan, a
   * status) takes no port from the process that serves; {@link #current} is {@link
   * RouterTruth.NotServing}.
   *
   * @param opening the group, and what is acknowledged now
   * @throws RouterException if it can't; then it serves nothing, and may be asked again
   */
  default void serve(Opening opening) {
    Objects.requireNonNull(opening, "opening");
  }

  /**
   * Returns what the proxy serves now, asked of the proxy; never throws for one that is down. It
   * tells the fence by which {@link #apply} refuses, so that a manager whose record was lost, or is
   * an older copy, can go on above it.
   *
   * <p>Its drift is what only the router can see: FILE_EDITED, FILE_TORN, MARKER_MISSING,
   * FOREIGN_MARK, FORMER_WORKERS, UNKNOWN_TARGET and MAINTENANCE, and RUNNING_DIFFERS or STATE_LOST
   * where the proxy carries an earlier generation than one that was proven. That running or durable
   * truth differ from each other or from what was acknowledged (RUNNING_DIFFERS, DURABLE_DIFFERS,
   * STATE_LOST, RECORD_BEHIND) the manager finds out by itself, from the splits and the generation
   * that are told here.
   */
  RouterTruth current();

  /**
   * Makes the proxy serve {@code change.to()}, and proves it.
   *
   * <p>When it returns, running and durable truth are {@code to}, no request routed by the split
   * that starts later reaches a slot whose share is 0 (where {@link RouterGuarantee#NO_STALE} was
   * declared), and none has failed because of the switch (where {@link RouterGuarantee#LOSSLESS}
   * was). At no moment does a service have no target. Idempotent: a proxy that serves {@code to}
   * already is left as it is, apart from its generation and from making durable truth equal. Every
   * service that the switch speaks of counts as assigned from then on.
   *
   * <p>Both splits of a switch name every routed service of the group. A service that does not move
   * has the same share in both and is left alone; so one service is switched without the others. A
   * switch that names fewer or other services is refused, and changes nothing.
   *
   * <p>Where somebody else changes the same proxy just then, it may wait for them, within the
   * switch's limit. A thread that is interrupted may give up, or finish; either way its interrupt
   * flag is set when this returns or throws.
   *
   * <p>After a crash or an interruption at any moment the proxy serves either {@code from} or
   * {@code to}, whole where {@link RouterGuarantee#ATOMIC_GROUP} was declared; elsewhere each
   * service serves one of them, and the next call may finish such a group.
   *
   * @throws RouterException if {@link Switch#admit(RouterTruth.Known)} refuses it, with {@link
   *     RouterException.Effect#UNCHANGED}; or if it was not proven, because the proxy refuses it or
   *     the limit is over: then the effect is read back from the proxy
   */
  void apply(Switch change);

  /**
   * Returns what {@link #apply} would do, exactly: commands, file operations, a diff. Touches
   * nothing. By default one line with the two splits.
   *
   * @throws RouterException if the proxy can't be asked
   */
  default List<String> plan(Switch change) {
    Objects.requireNonNull(change, "change");
    return List.of("change the split from " + change.from() + " to " + change.to());
  }

  /**
   * Returns what a slot is still answering, in all workers of the proxy. By default UNKNOWN: then a
   * drain waits for its whole time, and the result warns before the slot is stopped. A router that
   * can say UNKNOWN of a proxy that is as it was at {@link #open} does not declare {@link
   * RouterGuarantee#DRAIN_KNOWN}.
   *
   * @throws RouterException if the proxy can't be asked
   */
  default InFlight inFlight(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    return InFlight.UNKNOWN;
  }

  /**
   * Ends what a slot is still answering and returns how much that was. Called after the drain's
   * deadline, only if the policy says so and the slot's share is 0. By default it throws, with
   * UNCHANGED: what is in flight then ends by itself, or with the process that answers it.
   *
   * @throws RouterException if the proxy can't be asked, or can't do it
   */
  default int cut(Slot slot) {
    Objects.requireNonNull(slot, "slot");
    throw new RouterException(
        "this router can't cut what " + slot + " still answers; it stays until it ends by itself",
        RouterException.Effect.UNCHANGED);
  }

  /**
   * Returns whether something accepts connections where the proxy reaches an instance. Asked where
   * nothing is on record, to tell what runs already from a machine on which nothing runs yet;
   * changes nothing, and sends nothing. By default one attempt to connect over TCP, from here, to
   * the address that stands for the instance's host.
   *
   * @param instance with an endpoint
   * @param within how long it may take; longer is {@link Listening#UNKNOWN}
   */
  default Listening listens(Instance instance, Duration within) {
    Objects.requireNonNull(instance, "instance");
    Objects.requireNonNull(within, "within");
    return Listening.at(instance.endpoint().orElseThrow(), within);
  }

  /**
   * Returns what {@link #meter} will tell of each slot. Known before {@link #open}, so that a gate
   * which the meter can't feed is refused when the manager is built. Constant; by default nothing.
   */
  default Set<TrafficMeter.Measure> measures() {
    return Set.of();
  }

  /**
   * Returns the proxy's counters, if it has some that tell the slots apart. Where it has some and
   * they can't be read, the meter says so, with the remedy, each time that it is read; an operation
   * that needs them is refused then, before it touches anything.
   *
   * <p>Asked for when a hold begins: what came while nobody has read the meter may be left out up
   * to this call, so that nothing grows while nobody looks.
   */
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
   * @param generation the generation of that switch; 0 if there was none
   */
  record Opening(Group group, Optional<TrafficSplit> acknowledged, long generation) {
    /** Refuses null. */
    public Opening {
      Objects.requireNonNull(group, "group");
      Objects.requireNonNull(acknowledged, "acknowledged");
    }

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
