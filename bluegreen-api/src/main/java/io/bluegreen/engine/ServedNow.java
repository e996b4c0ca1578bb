package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.DriftException;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is served when an operation begins, and so which colour of each service is idle: an
 * operation acts on no other.
 *
 * @param unassigned services for which nothing is live
 */
record ServedNow(OperationRun run, RouterTruth.Known truth, Set<String> unassigned) {
  /**
   * Asks the router.
   *
   * @throws RouterException if it can't be asked
   * @throws DriftException if it serves what nobody acknowledged
   */
  static ServedNow ask(OperationRun run) {
    RouterTruth.Known truth = truth(run);
    ServedNow served = new ServedNow(run, truth, run.state().unassigned(truth));
    served.requireNoDrift();
    return served;
  }

  /** Returns what the router serves, acknowledged or not. */
  static RouterTruth.Known truth(OperationRun run) {
    try {
      return run.traffic.truth();
    } catch (StepNotDone e) {
      throw new RouterException(e.reason(), RouterException.Effect.UNCHANGED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationRefusedException("interrupted before anything was done");
    }
  }

  private void requireNoDrift() {
    StateDocument state = run.state();
    List<Drift> drift = DriftFinder.between(truth, state);
    if (!drift.isEmpty()) {
      throw new DriftException(
          run.operation
              + " of group "
              + run.setup.group().name()
              + " is refused: what the router serves is not what was last acknowledged: "
              + drift
              + "; it serves "
              + state.serving(truth)
              + ", acknowledged is "
              + state.acknowledged
              + "; look at it, then call recover(ADOPT, who) or recover(REPAIR, who)",
          drift);
    }
  }

  /** Returns the colour that gets no traffic, also if nothing was ever live. */
  Color idle(Service service) {
    String name = service.name();
    if (!service.routed()) {
      return Optional.ofNullable(run.state().background.get(name)).orElse(Color.BLUE).other();
    }
    return truth
        .running()
        .sole(name)
        .orElseThrow(
            () ->
                refused(
                    "both colours of "
                        + name
                        + " get traffic, so that neither is idle; switch to"
                        + " one of them first"))
        .other();
  }

  /** Returns whether nothing is live in the service of a slot. */
  boolean nothingLive(Slot slot) {
    return unassigned.contains(slot.service().name());
  }

  OperationRefusedException refused(String why) {
    return new OperationRefusedException(
        run.operation
            + " of group "
            + run.setup.group().name()
            + " is refused: "
            + why
            + "; the router serves "
            + run.state().serving(truth));
  }
}
