package io.bluegreen.simulation;

import io.bluegreen.Color;
import io.bluegreen.DeploymentPolicy.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Everything that happens in one run, as data: the same script is the same run, to the last call.
 *
 * @param seed the seed of all that the acts don't plan: ids, tokens, jitter
 * @param hooks whether the host has hooks
 * @param serving whether a colour serves already that nobody here has started
 */
record Script(
    long seed, GroupShape shape, boolean hooks, boolean serving, List<ScriptedCall> acts) {
  private static final PolicyStyle[] STYLES = PolicyStyle.values();
  private static final List<Fault> CRASHES =
      List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.CRASH_IN_APPLY, Fault.CLOSED);
  private static final List<Fault> MEANWHILE =
      List.of(
          Fault.LISTENER_THROWS, // As good as no fault.
          Fault.LIVE_DIES,
          Fault.CANDIDATE_DIES,
          Fault.SWITCHED_BY_HAND,
          Fault.SICK_FOR_A_MINUTE,
          Fault.RESTARTED_COLD);

  Script {
    acts = List.copyOf(acts);
  }

  /** Makes a script that starts on an empty machine. */
  Script(long seed, GroupShape shape, boolean hooks, List<ScriptedCall> acts) {
    this(seed, shape, hooks, false, acts);
  }

  static Script random(long seed) {
    Script script = drawn(seed);
    script = seed % 6 == 2 ? script.withUnrecorded(new Random(seed)) : script;
    return seed % 7 == 3 ? script.onWhatServes(new Random(seed)) : script;
  }

  /**
   * Returns this script with one more fault: in one of its calls, at its start or later, somebody
   * starts something by hand.
   */
  private Script withUnrecorded(Random random) {
    List<ScriptedCall> more = new ArrayList<>(acts);
    int which = random.nextInt(acts.size());
    Fault fault = random.nextBoolean() ? Fault.UNRECORDED_FOR_LAUNCHER : Fault.UNRECORDED_FOR_CHECK;
    int at = random.nextBoolean() ? 1 : 1 + random.nextInt(120);
    more.set(which, more.get(which).with(new PlannedFault(fault, at, random.nextInt(1000))));
    return with(more);
  }

  private static Script drawn(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    GroupShape shape = GroupShape.values()[random.nextInt(GroupShape.values().length)];
    List<ScriptedCall> acts = new ArrayList<>();
    int prelude = random.nextInt(3);
    for (int i = 0; i < prelude; i++) {
      acts.add(ScriptedCall.of(ScriptedCall.Verb.DEPLOY, PolicyStyle.PLAIN));
    }
    boolean hooks = random.nextInt(3) == 0;
    if (seed % 8 == 0) {
      acts.addAll(killed(random));
      return new Script(seed, shape, hooks, acts);
    }
    int calm = random.nextInt(4); // Many faults at once would hide what a single one shows.
    int length = 1 + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      acts.add(act(random, shape, calm));
    }
    if (seed % 16 == 5) {
      acts.addAll(rolledBack(random, shape, calm));
    }
    return new Script(seed, shape, hooks, acts);
  }

  /** Returns rollbacks one after another; between them may be another call. */
  private static List<ScriptedCall> rolledBack(Random random, GroupShape shape, int calm) {
    List<ScriptedCall> acts = new ArrayList<>();
    for (int i = random.nextInt(2); i < 4; i++) {
      ScriptedCall.Verb verb =
          random.nextInt(3) == 0 ? ScriptedCall.Verb.ROLLBACK_TO : ScriptedCall.Verb.ROLLBACK;
      ScriptedCall act = act(random, shape, calm);
      acts.add(
          new ScriptedCall(
              verb, act.style(), act.color(), act.service(), false, false, act.faults()));
      if (random.nextInt(3) == 0) {
        acts.add(act(random, shape, calm));
      }
    }
    return acts;
  }

  /** Returns calls for the rare cells: one is killed, and its recovery finds something changed. */
  private static List<ScriptedCall> killed(Random random) {
    ScriptedCall.Verb verb =
        random.nextInt(4) > 0 ? ScriptedCall.Verb.DEPLOY : verb(random.nextInt(20));
    Fault crash = CRASHES.get(random.nextInt(CRASHES.size()));
    List<PlannedFault> faults = new ArrayList<>();
    faults.add(new PlannedFault(crash, 10 + random.nextInt(150), random.nextInt(1000)));
    faults.add(new PlannedFault(Fault.APPROVE, 30 + random.nextInt(60), 0));
    if (random.nextInt(3) == 0) {
      faults.add(
          new PlannedFault(
              random.nextBoolean() ? Fault.ABORT : Fault.CANDIDATE_DIES,
              20 + random.nextInt(80),
              0));
    }
    PolicyStyle style = STYLES[random.nextInt(STYLES.length)];
    Color color = Color.values()[random.nextInt(2)];
    ScriptedCall act =
        new ScriptedCall(verb, style, color, "", random.nextInt(8) == 0, false, faults);
    ScriptedCall then =
        ScriptedCall.of(
            random.nextInt(4) > 0 ? ScriptedCall.Verb.RECOVER : ScriptedCall.Verb.CARRY_ON,
            PolicyStyle.PLAIN);
    for (int i = random.nextInt(3); i < 3; i += 2) {
      Fault meanwhile = MEANWHILE.get(random.nextInt(MEANWHILE.size()));
      then = then.with(new PlannedFault(meanwhile, 1, random.nextInt(1000)));
    }
    return List.of(act, then);
  }

  private static ScriptedCall act(Random random, GroupShape shape, int calm) {
    ScriptedCall.Verb verb = verb(random.nextInt(24));
    PolicyStyle style = STYLES[random.nextInt(STYLES.length)];
    List<PlannedFault> faults = new ArrayList<>();
    int number = calm == 0 ? random.nextInt(4) : random.nextInt(2) + (calm == 1 ? 0 : 1) % 2;
    for (int i = 0; i < number; i++) {
      Fault fault =
          random.nextInt(4) == 0
              ? Fault.DRAWN.get(random.nextInt(4))
              : Fault.DRAWN.get(random.nextInt(Fault.DRAWN.size()));
      int at = 1 + (random.nextBoolean() ? random.nextInt(40) : random.nextInt(160));
      faults.add(new PlannedFault(fault, at, random.nextInt(1000)));
    }
    if (style.asksGates(false) || style.asksGates(true)) {
      some(SeamCall.GATE, random).ifPresent(faults::add);
    }
    if (random.nextInt(3) == 0) {
      some(random.nextBoolean() ? SeamCall.HOOK : SeamCall.APPLY, random).ifPresent(faults::add);
    }
    if (style.waits() && random.nextInt(6) == 0) {
      faults.add(new PlannedFault(Fault.CLOSED, 1 + random.nextInt(120), 0));
    }
    if (style.has(Option.ASK_FOR_APPROVAL) && random.nextInt(4) > 0) {
      faults.add(new PlannedFault(Fault.APPROVE, 10 + random.nextInt(80), 0));
    }
    if (faults.stream().anyMatch(planned -> planned.fault() == Fault.PAUSE)
        && random.nextBoolean()) {
      faults.add(new PlannedFault(Fault.RESUME, 60 + random.nextInt(60), 0));
    }
    String service =
        shape == GroupShape.PAIR && random.nextInt(4) == 0
            ? shape.routed(random.nextInt(2)).name()
            : "";
    return new ScriptedCall(
        verb,
        style,
        Color.values()[random.nextInt(2)],
        service,
        random.nextInt(12) == 0,
        random.nextBoolean(),
        faults);
  }

  /** Returns a fault of this call one time in four, else none. */
  private static Optional<PlannedFault> some(SeamCall point, Random random) {
    List<Fault> faults = Fault.at(point);
    Fault fault = faults.get(random.nextInt(faults.size()));
    return random.nextInt(4) > 0
        ? Optional.empty()
        : Optional.of(new PlannedFault(fault, 1 + random.nextInt(100), random.nextInt(1000)));
  }

  private static ScriptedCall.Verb verb(int dice) {
    return dice < 8
        ? ScriptedCall.Verb.DEPLOY
        : switch (dice) {
          case 8, 9 -> ScriptedCall.Verb.SWITCH;
          case 10, 11 -> ScriptedCall.Verb.ROLLBACK;
          case 12 -> ScriptedCall.Verb.START;
          case 13 -> ScriptedCall.Verb.STOP;
          case 14, 15 -> ScriptedCall.Verb.RECOVER;
          case 16 -> ScriptedCall.Verb.ADOPT;
          case 17 -> ScriptedCall.Verb.REPAIR;
          case 18 -> ScriptedCall.Verb.REDEPLOY;
          case 19, 20 -> ScriptedCall.Verb.CARRY_ON;
          case 21 -> ScriptedCall.Verb.APPROVE_LEFT;
          case 22 -> ScriptedCall.Verb.ABORT_LEFT;
          default -> ScriptedCall.Verb.LOOK;
        };
  }

  /** Returns how long the requests take that a slot still answers after it has lost its traffic. */
  Duration linger() {
    return Duration.ofSeconds(List.of(0, 0, 2, 8).get((int) Math.floorMod(seed, 4L)));
  }

  /**
   * Makes scripts for the cells that chance rarely meets: a deployment killed at each of its calls,
   * also on its way back, and then somebody moves the traffic by hand back to the start, half-way,
   * or to the end; a first switch to the colour that the proxy serves anyway; and a background
   * service that is deployed alone, with hooks.
   */
  static List<Script> directed() {
    List<Script> all = new ArrayList<>();
    for (PolicyStyle style : STYLES) {
      for (int at = 30; at < 200; at++) {
        ScriptedCall deploy =
            ScriptedCall.of(ScriptedCall.Verb.DEPLOY, style)
                .with(new PlannedFault(Fault.APPROVE, 45, 0))
                .with(new PlannedFault(Fault.CRASH_AFTER, at, 0));
        ScriptedCall plain = ScriptedCall.of(ScriptedCall.Verb.DEPLOY, PolicyStyle.PLAIN);
        ScriptedCall aborted = deploy.with(new PlannedFault(Fault.ABORT, 80, 0));
        for (int byHand : List.of(8, 4, 2)) {
          ScriptedCall recover =
              ScriptedCall.of(ScriptedCall.Verb.RECOVER, PolicyStyle.PLAIN)
                  .with(new PlannedFault(Fault.SWITCHED_BY_HAND, 1, byHand));
          ScriptedCall dead = recover.with(new PlannedFault(Fault.LIVE_DIES, 1, 0));
          for (ScriptedCall killed : List.of(deploy, aborted)) {
            all.add(new Script(at, GroupShape.WEB, false, List.of(plain, killed, recover)));
            all.add(new Script(at, GroupShape.WEB, false, List.of(plain, killed, dead)));
          }
        }
        ScriptedCall same =
            ScriptedCall.of(ScriptedCall.Verb.SWITCH, style)
                .with(new PlannedFault(Fault.STRANGER_ON_PORT, 1, 0))
                .with(new PlannedFault(Fault.APPROVE, 20, 0))
                .with(new PlannedFault(Fault.CRASH_AFTER, at - 25, 0));
        ScriptedCall recover = ScriptedCall.of(ScriptedCall.Verb.RECOVER, PolicyStyle.PLAIN);
        ScriptedCall dead = recover.with(new PlannedFault(Fault.LIVE_DIES, 1, 0));
        all.add(new Script(at, GroupShape.WEB, false, List.of(plain, deploy, dead)));
        all.add(new Script(at, GroupShape.WEB, false, List.of(plain, aborted, dead)));
        ScriptedCall sick = recover.with(new PlannedFault(Fault.SICK_FOR_A_MINUTE, 1, 0));
        all.add(new Script(at, GroupShape.WEB, false, List.of(same, recover)));
        all.add(new Script(at, GroupShape.WEB, false, List.of(same, sick)));
        ScriptedCall bot =
            new ScriptedCall(
                    ScriptedCall.Verb.DEPLOY, style, Color.BLUE, "bot", false, false, List.of())
                .with(new PlannedFault(Fault.APPROVE, 20, 0))
                .with(new PlannedFault(Fault.CRASH_AFTER, at, 0));
        all.add(new Script(at, GroupShape.BOT, true, List.of(plain, bot, recover)));
      }
    }
    return all;
  }

  Script with(List<ScriptedCall> other) {
    return new Script(seed, shape, hooks, serving, other);
  }

  /** Returns this script on a machine where the first colour serves, started by somebody else. */
  private Script onWhatServes(Random random) {
    Script serving = new Script(seed, shape, hooks, true, acts);
    if (random.nextInt(3) == 0) {
      return serving;
    }
    ScriptedCall adoption = ScriptedCall.of(ScriptedCall.Verb.TAKE_OVER, PolicyStyle.PLAIN);
    if (random.nextBoolean()) {
      Fault fault = Fault.DRAWN.get(random.nextInt(Fault.DRAWN.size()));
      adoption = adoption.with(new PlannedFault(fault, 1 + random.nextInt(60), 0));
    }
    List<ScriptedCall> more = new ArrayList<>(acts);
    more.add(random.nextInt(4) == 0 ? random.nextInt(more.size() + 1) : 0, adoption);
    return serving.with(more);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "seed "
                + seed
                + ", group "
                + shape
                + (hooks ? " with hooks" : "")
                + (serving ? ", which serves already" : ""));
    for (int i = 0; i < acts.size(); i++) {
      text.append("\n  ").append(i + 1).append(". ").append(acts.get(i));
    }
    return text.toString();
  }
}
