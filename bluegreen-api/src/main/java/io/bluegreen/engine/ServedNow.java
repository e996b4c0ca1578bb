package io.bluegreen.engine;

import io.bluegreen.Color;
import io.bluegreen.Drift;
import io.bluegreen.DriftException;
import io.bluegreen.Operation;
import io.bluegreen.OperationRefusedException;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is served when an operation begins, and so which colour of each service is idle: an
 * operation acts on no other.
 *
 * @param unassigned services for which nothing is live
 * @param foundLive services of which no switch is known, and that are live all the same
 */
record ServedNow(
    OperationRun run, RouterTruth.Known truth, Set<String> unassigned, Set<String> foundLive) {
  /**
   * Asks the router, and looks at what serves without a switch of ours.
   *
   * @throws RouterException if it can't be asked
   * @throws DriftException if it serves what nobody acknowledged
   * @throws OperationRefusedException if it is not clear whether what serves is live
   */
  static ServedNow ask(OperationRun run) {
    RouterTruth.Known truth = truth(run);
    ServedNow served =
        new ServedNow(run, truth, new TreeSet<>(run.state().unassigned(truth)), new TreeSet<>());
    served.requireNoDrift();
    for (String service : run.state().toLookAt(truth)) {
      if (served.isLookedAt(service)) {
        served.lookAt(service);
      }
    }
    return served;
  }

  /** Returns whether it matters for the operation if a service is live. */
  private boolean isLookedAt(String service) {
    List<String> named = run.operation.services();
    return switch (run.operation.kind()) {
      case DEPLOY, SWITCH, ADOPT -> named.isEmpty() || named.contains(service);
      case START, STOP, ROLLBACK -> false;
    };
  }

  private void lookAt(String service) {
    try {
      // Where both colours get traffic it is refused with its own words, if that matters.
      new FirstLook(run, truth).at(service).ifPresent(found -> note(service, found));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void note(String service, FirstLook.Found found) {
    boolean forced = run.operation.force().isPresent();
    switch (found.kind()) {
      case NOTHING -> {
        if (!unassigned.contains(service)) { // Somebody has assigned it, and no record tells who.
          run.events.warn(found.what() + ", though it gets the traffic of " + service);
        }
        return;
      }
      case LIVE -> {
        if (run.operation.kind() != Operation.Kind.ADOPT) {
          run.events.warn(found.what());
        }
      }
      case UNCLEAR -> {
        if (!forced) {
          throw refused(
              "it is not clear whether anything of "
                  + service
                  + " is live, of which nothing is on record: "
                  + found.what()
                  + ". Mend what runs there, or its check; stop it, if it is not to serve; or take"
                  + " it for live all the same with run(Operation.adopt(release).service(\""
                  + service
                  + "\").force(why)), and ask again");
        }
        run.events.warn(found.what() + "; it is taken for live, by force");
      }
    }
    unassigned.remove(service);
    foundLive.add(service);
  }

  static OperationRefusedException interrupted() {
    Thread.currentThread().interrupt();
    return new OperationRefusedException("interrupted before anything was done");
  }

  /** Returns what the router serves, acknowledged or not. */
  static RouterTruth.Known truth(OperationRun run) {
    try {
      return run.traffic.truth();
    } catch (StepNotDone e) {
      throw new RouterException(e.reason(), RouterException.Effect.UNCHANGED, e);
    } catch (InterruptedException e) {
      throw interrupted();
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
