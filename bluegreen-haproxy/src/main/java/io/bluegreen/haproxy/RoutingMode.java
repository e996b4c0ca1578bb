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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a split is spelled in HAProxy: by a map, or by the weights of servers. */
interface RoutingMode {
  /**
   * What one process serves, or what the file would have it serve.
   *
   * @param split by which requests are routed; empty if what is there spells none
   * @param generation of the last switch that it carries
   * @param fence the highest that it shows; 0 for the map in a process's memory, which shows none
   * @param unassigned services that were never switched
   * @param drift what is wrong with it
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
     * Returns it as a switch finds it.
     *
     * @param durable what a cold start would serve, where that can be read
     * @throws RouterException if no split can be read from this
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

  /** Refuses a switch that may not begin: {@link Switch#admit(RouterTruth.Known, long)}. */
  interface Rule {
    /** Lets a plan show what could not begin just now. */
    Rule NONE = (found, durable) -> {};

    void check(RouterTruth.Known found, long durable);
  }

  /** One switch under way. */
  interface Attempt {
    /** Makes durable truth equal to where the switch goes. */
    void record() throws IOException;

    /** Undoes {@link #record}, after a switch that is known not to have happened. */
    void restore() throws IOException;

    /**
     * Makes a process serve what the switch goes to, if it does not do so yet, and reads it back.
     */
    void serve(RuntimeApi worker);

    /** Says exactly what {@link #record} and {@link #serve} would do. */
    List<String> describe(RuntimeApi worker);
  }

  /**
   * Looks whether the record, and what HAProxy runs, fit the group, whose servers are there; adds
   * what is weaker to the findings.
   */
  void check(OpenInspection seen, OpenFindings findings) throws IOException;

  /** Asks a process. */
  Served served(RuntimeApi worker);

  /**
   * Reads what a cold start would serve.
   *
   * @param worker which is asked for what no record says, if the scheme needs that
   */
  Served durable(RuntimeApi worker) throws IOException;

  /**
   * Begins a switch from what a process serves now; it is asked once for that.
   *
   * @param rule asked before anything else of the switch is looked at
   * @throws RouterException if the rule refuses it, or the resource is another group's
   */
  Attempt attempt(Switch change, RuntimeApi api, Rule rule) throws IOException;

  /** Says how a person makes readable what a process serves and can't be read. */
  String byHand();

  /** Returns the file that each switch replaces. */
  Path file();

  /** Returns the group that it was made for. */
  Group group();

  /** Returns where a slot's requests go. */
  Target target(Slot slot);

  /** The servers of a slot: those of a backend whose names begin so (all, for the empty text). */
  record Target(String backend, String prefix) {
    boolean has(String server) {
      return server.startsWith(prefix);
    }

    boolean wholeBackend() {
      return prefix.isEmpty();
    }

    /** Returns whether a row of its backend tells of it; that of a whole backend is complete. */
    boolean isToldBy(StatRow row) {
      return wholeBackend() ? row.isBackend() : row.isServer() && has(row.name());
    }
  }
}
