package io.bluegreen.simulation;

import io.bluegreen.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of a manager, and what goes wrong meanwhile.
 *
 * @param verb what is asked for
 * @param style the policy that it uses
 * @param color the colour of a switch
 * @param service the only service that it is for; empty for all
 * @param force whether proofs are skipped
 * @param sameProcess whether it asks the manager of the call before, if that lives
 */
record ScriptedCall(
    Verb verb,
    PolicyStyle style,
    Color color,
    String service,
    boolean force,
    boolean sameProcess,
    List<PlannedFault> faults) {
  enum Verb {
    DEPLOY,
    REDEPLOY,
    SWITCH,
    ROLLBACK,
    ROLLBACK_TO,
    START,
    STOP,
    TAKE_OVER,
    CARRY_ON,
    RECOVER,
    ADOPT,
    REPAIR,
    LOOK,
    APPROVE_LEFT,
    ABORT_LEFT,
    WAIT;

    /** Returns whether it starts a release. */
    boolean starts() {
      return this == DEPLOY || this == START;
    }

    /** Whether it has a deployment of its own, or carries one on. */
    boolean operates() {
      return compareTo(RECOVER) < 0;
    }
  }

  ScriptedCall {
    faults = List.copyOf(faults);
  }

  static ScriptedCall of(Verb verb, PolicyStyle style) {
    return new ScriptedCall(verb, style, Color.BLUE, "", false, false, List.of());
  }

  ScriptedCall with(List<PlannedFault> other) {
    return new ScriptedCall(verb, style, color, service, force, sameProcess, other);
  }

  ScriptedCall with(PlannedFault more) {
    List<PlannedFault> all = new ArrayList<>(faults);
    all.add(more);
    return with(all);
  }

  ScriptedCall with(PolicyStyle other) {
    return new ScriptedCall(verb, other, color, service, force, sameProcess, faults);
  }

  ScriptedCall to(Color other) {
    return new ScriptedCall(verb, style, other, service, force, sameProcess, faults);
  }

  ScriptedCall plain() {
    return new ScriptedCall(verb, style, color, "", false, false, faults);
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
