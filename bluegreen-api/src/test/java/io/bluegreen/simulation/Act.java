package io.bluegreen.simulation;

import io.bluegreen.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of a manager, and what goes wrong meanwhile.
 *
 * @param verb what is asked for
 * @param style under which policy
 * @param color for a switch
 * @param service if it is for one service only, else empty
 * @param force whether proofs are skipped
 * @param sameProcess whether the manager of the act before is asked, if it lives
 */
record Act(
    Verb verb,
    Style style,
    Color color,
    String service,
    boolean force,
    boolean sameProcess,
    List<Planned> faults) {
  enum Verb {
    DEPLOY,
    REDEPLOY,
    SWITCH,
    ROLLBACK,
    ROLLBACK_TO,
    START,
    STOP,
    CARRY_ON,
    RECOVER,
    ADOPT,
    REPAIR,
    LOOK,
    APPROVE_LEFT,
    ABORT_LEFT,
    WAIT;

    /** Whether it starts a release of its own. */
    boolean starts() {
      return this == DEPLOY || this == START;
    }

    /** Whether it has a deployment of its own, or carries one on. */
    boolean operates() {
      return compareTo(RECOVER) < 0;
    }
  }

  Act {
    faults = List.copyOf(faults);
  }

  static Act of(Verb verb, Style style) {
    return new Act(verb, style, Color.BLUE, "", false, false, List.of());
  }

  Act with(List<Planned> other) {
    return new Act(verb, style, color, service, force, sameProcess, other);
  }

  Act with(Planned more) {
    List<Planned> all = new ArrayList<>(faults);
    all.add(more);
    return with(all);
  }

  Act with(Style other) {
    return new Act(verb, other, color, service, force, sameProcess, faults);
  }

  Act to(Color other) {
    return new Act(verb, style, other, service, force, sameProcess, faults);
  }

  Act plain() {
    return new Act(verb, style, color, "", false, false, faults);
  }

  @Override
  public String toString() {
    return verb
        + (verb == Verb.SWITCH ? " to " + color : "")
        + (verb.operates() ? " " + style : "")
        + (service.isEmpty() ? "" : " of " + service)
        + (force ? " by force" : "")
        + (sameProcess ? " by the same process" : "")
        + (faults.isEmpty() ? "" : " with " + faults);
  }
}
