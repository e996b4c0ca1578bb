package io.bluegreen.haproxy;

import io.bluegreen.Drift;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The way in which a split is spelled in HAProxy: by a map, or by the weights of servers. */
interface RoutingMode {
  /**
   * The split that one process serves, or that the file would make it serve.
   *
   * @param split the split by which requests are routed; empty if none can be read there
   * @param generation the generation of the last switch that it carries
   * @param fence the highest fence that it shows; 0 for the map in a process's memory, which shows
   *     none
   * @param unassigned the services that were never switched
   * @param drift the faults that were found
   */
  record Served(
      Optional<TrafficSplit> split,
      long generation,
      long fence,
      Set<String> unassigned,
      List<Drift> drift) {
    boolean serves(TrafficSplit other) {
      return split.isPresent() && split.get().equals(other);
    }

    /** Returns this with the fence of a record; nothing else of that record counts. */
    Served fencedBy(Served record) {
      return new Served(split, generation, record.fence, unassigned, List.of());
    }

    /**
     * Returns the truth from which a switch starts.
     *
     * @param durable the split that a cold start would serve, if that can be read
     * @throws RouterException if there is no split to read
     */
    RouterTruth.Known found(Optional<TrafficSplit> durable, long highestFence, String byHand) {
      TrafficSplit runs =
          split.orElseThrow(
              () ->
                  new RouterException(
                      "what HAProxy serves can't be read: "
                          + drift
                          + "; nothing was changed; "
                          + byHand,
                      Effect.UNCHANGED));
      return new RouterTruth.Known(
          runs, durable.orElse(runs), List.of(), generation, highestFence, unassigned, drift);
    }
  }

  /** Refuses a switch that may not start: {@link Switch#admit(RouterTruth.Known, long)}. */
  interface Rule {
    /** Refuses nothing, so that a plan can show a switch that could not start just now. */
    Rule NONE = (found, durable) -> {};

    void check(RouterTruth.Known found, long durable);
  }

  /** One switch under way. */
  interface Attempt {
    /** Makes durable truth equal to the split that the switch goes to. */
    void record() throws IOException;

    /** Undoes {@link #record}, after a switch that is known not to have happened. */
    void restore() throws IOException;

    /**
     * Makes a process serve the split that the switch goes to, if it does not do so yet, and reads
     * it back.
     */
    void serve(RuntimeApi worker);

    /** Returns exactly what {@link #record} and {@link #serve} would do. */
    List<String> describe(RuntimeApi worker);
  }

  /**
   * Checks whether the record and the running HAProxy fit the group, whose servers are known to be
   * there, and adds each weakness to the findings.
   */
  void check(OpenInspection seen, OpenFindings findings) throws IOException;

  /** Asks a process what it serves. */
  Served served(RuntimeApi worker);

  /**
   * Reads what a cold start would serve.
   *
   * @param worker the worker that is asked for what no record says, if the mode needs that
   */
  Served durable(RuntimeApi worker) throws IOException;

  /**
   * Starts a switch from the split that a process serves now, for which it is asked once.
   *
   * @param rule the rule that is asked before any other check of the switch
   * @throws RouterException if the rule refuses it, or the map or file is another group's
   */
  Attempt attempt(Switch change, RuntimeApi api, Rule rule) throws IOException;

  /** Returns how a person can mend a process whose split can't be read. */
  String byHand();

  /** Returns the file that each switch replaces. */
  RecordFile file();

  /** Returns the group for which it was made, with the addresses that HAProxy knows. */
  Group group();

  /** Returns the servers to which a slot's requests go. */
  Target target(Slot slot);

  /**
   * The servers of a slot: those of a backend whose names start with the prefix (all, if it is
   * empty).
   */
  record Target(String backend, String prefix) {
    boolean has(String server) {
      return server.startsWith(prefix);
    }

    boolean wholeBackend() {
      return prefix.isEmpty();
    }

    /**
     * Returns whether a row of its backend counts for it. If its servers are the whole backend,
     * that is the backend's own row, which is complete.
     */
    boolean isToldBy(StatRow row) {
      return wholeBackend() ? row.isBackend() : row.isServer() && has(row.name());
    }
  }
}
