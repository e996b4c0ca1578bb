package io.bluegreen.simulation;

import io.bluegreen.Color;
import java.util.ArrayList;
import java.util.List;

/** The kinds of deployment whose every step is gone through, with every fault at it. */
enum Kind {
  FIRST(Shape.WEB, false, act(Act.Verb.DEPLOY, Style.GRADUAL)),
  INSTANT(Shape.WEB, true, warm(), act(Act.Verb.DEPLOY, Style.PLAIN)),
  GRADUAL_WITH_GATES(Shape.WEB, false, warm(), act(Act.Verb.DEPLOY, Style.GATED)),
  BAKED_BEHIND_NO_RETURN(Shape.WEB, true, warm(), act(Act.Verb.DEPLOY, Style.NO_RETURN)),
  APPROVED(Shape.WEB, false, warm(), act(Act.Verb.DEPLOY, Style.APPROVED).with(approval())),
  STOPPING(Shape.WIDE, false, warm(), act(Act.Verb.DEPLOY, Style.CUTTING)),
  GROUP(Shape.PAIR, false, warm(), act(Act.Verb.DEPLOY, Style.GRADUAL)),
  HANDOVER(Shape.BOT, false, warm(), act(Act.Verb.DEPLOY, Style.PLAIN)),
  ROLLBACK(Shape.BOT, false, warm(), warm(), act(Act.Verb.ROLLBACK, Style.PLAIN)),
  ROLLBACK_AGAIN(
      Shape.BOT,
      false,
      warm(),
      warm(),
      act(Act.Verb.ROLLBACK, Style.PLAIN),
      act(Act.Verb.ROLLBACK, Style.PLAIN)),
  ROLLBACK_TO(Shape.PAIR, false, warm(), warm(), act(Act.Verb.ROLLBACK_TO, Style.PLAIN)),
  SWITCH(Shape.WEB, false, warm(), warm(), act(Act.Verb.SWITCH, Style.BAKED).to(Color.GREEN)),
  START(Shape.WEB, false, warm(), act(Act.Verb.START, Style.PLAIN)),
  STOP(Shape.WEB, false, warm(), warm(), act(Act.Verb.STOP, Style.PLAIN)),
  RECOVERY_BACK(
      Shape.BOT, true, warm(), killed(Fault.CRASH_IN_APPLY, 1), act(Act.Verb.RECOVER, Style.PLAIN)),
  RECOVERY_CLEAN(
      Shape.WEB,
      true,
      warm(),
      killed(Fault.CRASH_AND_LAUNCHED_LATE, 1),
      act(Act.Verb.RECOVER, Style.PLAIN)),
  CARRIED_ON(Shape.WEB, false, warm(), closedAtHold(), act(Act.Verb.CARRY_ON, Style.PLAIN)),
  SUPERSEDED(Shape.WEB, false, warm(), closedAtHold(), act(Act.Verb.DEPLOY, Style.SUPERSEDING)),
  REPAIR(Shape.WEB, false, warm(), byHand(), act(Act.Verb.REPAIR, Style.PLAIN)),
  ADOPT(Shape.WEB, false, warm(), byHand(), act(Act.Verb.ADOPT, Style.PLAIN));

  /** So that nothing is in flight, and something is: the script's seed decides. */
  private static final long SEED = 1;

  final Script script;

  Kind(Shape shape, boolean hooks, Act... acts) {
    this.script = new Script(SEED, shape, hooks, List.of(acts));
  }

  /** Returns the script with a fault at one call of its last act. */
  Script with(Fault fault, int call, int detail) {
    List<Act> acts = new ArrayList<>(script.acts());
    int last = acts.size() - 1;
    acts.set(last, acts.get(last).with(new Planned(fault, call, detail)));
    return script.with(acts);
  }

  private static Act act(Act.Verb verb, Style style) {
    return Act.of(verb, style);
  }

  private static Act warm() {
    return act(Act.Verb.DEPLOY, Style.PLAIN);
  }

  private static Planned approval() {
    return new Planned(Fault.APPROVE, 45, 0);
  }

  private static Act killed(Fault crash, int call) {
    return warm().with(new Planned(crash, call, 0));
  }

  private static Act closedAtHold() {
    return act(Act.Verb.DEPLOY, Style.GRADUAL).with(new Planned(Fault.CLOSED, 70, 0));
  }

  private static Act byHand() {
    return act(Act.Verb.LOOK, Style.PLAIN).with(new Planned(Fault.SWITCHED_BY_HAND, 1, 4));
  }
}
