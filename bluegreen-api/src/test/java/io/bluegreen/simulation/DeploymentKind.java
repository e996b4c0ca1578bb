package io.bluegreen.simulation;

import io.bluegreen.Color;
import java.util.ArrayList;
import java.util.List;

/** The kinds of deployment. The enumeration tries every fault at every step of each. */
enum DeploymentKind {
  FIRST(GroupShape.WEB, false, act(ScriptedCall.Verb.DEPLOY, PolicyStyle.GRADUAL)),
  FIRST_DAY(GroupShape.WEB, act(ScriptedCall.Verb.DEPLOY, PolicyStyle.GRADUAL)),
  FIRST_DAY_AND_BACK(
      GroupShape.PAIR,
      act(ScriptedCall.Verb.DEPLOY, PolicyStyle.PLAIN),
      act(ScriptedCall.Verb.ROLLBACK, PolicyStyle.PLAIN)),
  TAKE_OVER(GroupShape.PAIR, act(ScriptedCall.Verb.TAKE_OVER, PolicyStyle.PLAIN)),
  TAKEN_OVER_AND_REPLACED(
      GroupShape.WEB,
      act(ScriptedCall.Verb.TAKE_OVER, PolicyStyle.PLAIN),
      act(ScriptedCall.Verb.DEPLOY, PolicyStyle.CUTTING)),
  INSTANT(GroupShape.WEB, true, warm(), act(ScriptedCall.Verb.DEPLOY, PolicyStyle.PLAIN)),
  GRADUAL_WITH_GATES(
      GroupShape.WEB, false, warm(), act(ScriptedCall.Verb.DEPLOY, PolicyStyle.GATED)),
  BAKED_BEHIND_NO_RETURN(
      GroupShape.WEB, true, warm(), act(ScriptedCall.Verb.DEPLOY, PolicyStyle.NO_RETURN)),
  APPROVED(
      GroupShape.WEB,
      false,
      warm(),
      act(ScriptedCall.Verb.DEPLOY, PolicyStyle.APPROVED).with(approval())),
  STOPPING(GroupShape.WIDE, false, warm(), act(ScriptedCall.Verb.DEPLOY, PolicyStyle.CUTTING)),
  GROUP(GroupShape.PAIR, false, warm(), act(ScriptedCall.Verb.DEPLOY, PolicyStyle.GRADUAL)),
  HANDOVER(GroupShape.BOT, false, warm(), act(ScriptedCall.Verb.DEPLOY, PolicyStyle.PLAIN)),
  ROLLBACK(
      GroupShape.BOT, false, warm(), warm(), act(ScriptedCall.Verb.ROLLBACK, PolicyStyle.PLAIN)),
  ROLLBACK_AGAIN(
      GroupShape.BOT,
      false,
      warm(),
      warm(),
      act(ScriptedCall.Verb.ROLLBACK, PolicyStyle.PLAIN),
      act(ScriptedCall.Verb.ROLLBACK, PolicyStyle.PLAIN)),
  ROLLBACK_TO(
      GroupShape.PAIR,
      false,
      warm(),
      warm(),
      act(ScriptedCall.Verb.ROLLBACK_TO, PolicyStyle.PLAIN)),
  SWITCH(
      GroupShape.WEB,
      false,
      warm(),
      warm(),
      act(ScriptedCall.Verb.SWITCH, PolicyStyle.BAKED).to(Color.GREEN)),
  START(GroupShape.WEB, false, warm(), act(ScriptedCall.Verb.START, PolicyStyle.PLAIN)),
  STOP(GroupShape.WEB, false, warm(), warm(), act(ScriptedCall.Verb.STOP, PolicyStyle.PLAIN)),
  RECOVERY_BACK(
      GroupShape.BOT,
      true,
      warm(),
      killed(Fault.CRASH_IN_APPLY, 1),
      act(ScriptedCall.Verb.RECOVER, PolicyStyle.PLAIN)),
  RECOVERY_CLEAN(
      GroupShape.WEB,
      true,
      warm(),
      killed(Fault.CRASH_AND_LAUNCHED_LATE, 1),
      act(ScriptedCall.Verb.RECOVER, PolicyStyle.PLAIN)),
  CARRIED_ON(
      GroupShape.WEB,
      false,
      warm(),
      closedAtHold(),
      act(ScriptedCall.Verb.CARRY_ON, PolicyStyle.PLAIN)),
  SUPERSEDED(
      GroupShape.WEB,
      false,
      warm(),
      closedAtHold(),
      act(ScriptedCall.Verb.DEPLOY, PolicyStyle.SUPERSEDING)),
  REPAIR(GroupShape.WEB, false, warm(), byHand(), act(ScriptedCall.Verb.REPAIR, PolicyStyle.PLAIN)),
  ADOPT(GroupShape.WEB, false, warm(), byHand(), act(ScriptedCall.Verb.ADOPT, PolicyStyle.PLAIN));

  /** With this seed requests are in flight at some moments, and none are at others. */
  private static final long SEED = 1;

  final Script script;

  DeploymentKind(GroupShape shape, boolean hooks, ScriptedCall... acts) {
    this.script = new Script(SEED, shape, hooks, List.of(acts));
  }

  /** A kind that starts where a colour serves already. */
  DeploymentKind(GroupShape shape, ScriptedCall... acts) {
    this.script = new Script(SEED, shape, false, true, List.of(acts));
  }

  /** Returns the script with a fault at one call of its last act. */
  Script with(Fault fault, int call, int detail) {
    List<ScriptedCall> acts = new ArrayList<>(script.acts());
    int last = acts.size() - 1;
    acts.set(last, acts.get(last).with(new PlannedFault(fault, call, detail)));
    return script.with(acts);
  }

  private static ScriptedCall act(ScriptedCall.Verb verb, PolicyStyle style) {
    return ScriptedCall.of(verb, style);
  }

  private static ScriptedCall warm() {
    return act(ScriptedCall.Verb.DEPLOY, PolicyStyle.PLAIN);
  }

  private static PlannedFault approval() {
    return new PlannedFault(Fault.APPROVE, 45, 0);
  }

  private static ScriptedCall killed(Fault crash, int call) {
    return warm().with(new PlannedFault(crash, call, 0));
  }

  private static ScriptedCall closedAtHold() {
    return act(ScriptedCall.Verb.DEPLOY, PolicyStyle.GRADUAL)
        .with(new PlannedFault(Fault.CLOSED, 70, 0));
  }

  private static ScriptedCall byHand() {
    return act(ScriptedCall.Verb.LOOK, PolicyStyle.PLAIN)
        .with(new PlannedFault(Fault.SWITCHED_BY_HAND, 1, 4));
  }
}
