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
 * @param seed of what is not planned: ids, tokens, jitter
 * @param hooks whether the host has hooks
 */
record Script(long seed, Shape shape, boolean hooks, List<Act> acts) {
  private static final Style[] STYLES = Style.values();
  private static final List<Fault> CRASHES =
      List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.CRASH_IN_APPLY, Fault.CLOSED);
  private static final List<Fault> MEANWHILE =
      List.of(
          Fault.LISTENER_THROWS, // As good as nothing.
          Fault.LIVE_DIES,
          Fault.CANDIDATE_DIES,
          Fault.SWITCHED_BY_HAND,
          Fault.SICK_FOR_A_MINUTE,
          Fault.RESTARTED_COLD);

  Script {
    acts = List.copyOf(acts);
  }

  static Script random(long seed) {
    Script script = drawn(seed);
    return seed % 6 == 2 ? script.withUnrecorded(new Random(seed)) : script;
  }

  /** In one of its acts somebody starts something by hand: before all else, or meanwhile. */
  private Script withUnrecorded(Random random) {
    List<Act> more = new ArrayList<>(acts);
    int which = random.nextInt(acts.size());
    Fault fault = random.nextBoolean() ? Fault.UNRECORDED_FOR_LAUNCHER : Fault.UNRECORDED_FOR_CHECK;
    int at = random.nextBoolean() ? 1 : 1 + random.nextInt(120);
    more.set(which, more.get(which).with(new Planned(fault, at, random.nextInt(1000))));
    return with(more);
  }

  private static Script drawn(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
    List<Act> acts = new ArrayList<>();
    int prelude = random.nextInt(3);
    for (int i = 0; i < prelude; i++) {
      acts.add(Act.of(Act.Verb.DEPLOY, Style.PLAIN));
    }
    boolean hooks = random.nextInt(3) == 0;
    if (seed % 8 == 0) {
      acts.addAll(killed(random));
      return new Script(seed, shape, hooks, acts);
    }
    int calm = random.nextInt(4); // Many faults at once hide what one alone would show.
    int length = 1 + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      acts.add(act(random, shape, calm));
    }
    if (seed % 16 == 5) {
      acts.addAll(rolledBack(random, shape, calm));
    }
    return new Script(seed, shape, hooks, acts);
  }

  /** Rollbacks, one after another, with something between them or not. */
  private static List<Act> rolledBack(Random random, Shape shape, int calm) {
    List<Act> acts = new ArrayList<>();
    for (int i = random.nextInt(2); i < 4; i++) {
      Act.Verb verb = random.nextInt(3) == 0 ? Act.Verb.ROLLBACK_TO : Act.Verb.ROLLBACK;
      Act act = act(random, shape, calm);
      acts.add(new Act(verb, act.style(), act.color(), act.service(), false, false, act.faults()));
      if (random.nextInt(3) == 0) {
        acts.add(act(random, shape, calm));
      }
    }
    return acts;
  }

  /** One act that is killed, and a recovery that finds something changed: the rare cells. */
  private static List<Act> killed(Random random) {
    Act.Verb verb = random.nextInt(4) > 0 ? Act.Verb.DEPLOY : verb(random.nextInt(20));
    Fault crash = CRASHES.get(random.nextInt(CRASHES.size()));
    List<Planned> faults = new ArrayList<>();
    faults.add(new Planned(crash, 10 + random.nextInt(150), random.nextInt(1000)));
    faults.add(new Planned(Fault.APPROVE, 30 + random.nextInt(60), 0));
    if (random.nextInt(3) == 0) {
      faults.add(
          new Planned(
              random.nextBoolean() ? Fault.ABORT : Fault.CANDIDATE_DIES,
              20 + random.nextInt(80),
              0));
    }
    Style style = STYLES[random.nextInt(STYLES.length)];
    Color color = Color.values()[random.nextInt(2)];
    Act act = new Act(verb, style, color, "", random.nextInt(8) == 0, false, faults);
    Act then = Act.of(random.nextInt(4) > 0 ? Act.Verb.RECOVER : Act.Verb.CARRY_ON, Style.PLAIN);
    for (int i = random.nextInt(3); i < 3; i += 2) {
      Fault meanwhile = MEANWHILE.get(random.nextInt(MEANWHILE.size()));
      then = then.with(new Planned(meanwhile, 1, random.nextInt(1000)));
    }
    return List.of(act, then);
  }

  private static Act act(Random random, Shape shape, int calm) {
    Act.Verb verb = verb(random.nextInt(24));
    Style style = STYLES[random.nextInt(STYLES.length)];
    List<Planned> faults = new ArrayList<>();
    int number = calm == 0 ? random.nextInt(4) : random.nextInt(2) + (calm == 1 ? 0 : 1) % 2;
    for (int i = 0; i < number; i++) {
      Fault fault =
          random.nextInt(4) == 0
              ? Fault.DRAWN.get(random.nextInt(4))
              : Fault.DRAWN.get(random.nextInt(Fault.DRAWN.size()));
      int at = 1 + (random.nextBoolean() ? random.nextInt(40) : random.nextInt(160));
      faults.add(new Planned(fault, at, random.nextInt(1000)));
    }
    if (style.asksGates(false) || style.asksGates(true)) {
      some(Point.GATE, random).ifPresent(faults::add);
    }
    if (random.nextInt(3) == 0) {
      some(random.nextBoolean() ? Point.HOOK : Point.APPLY, random).ifPresent(faults::add);
    }
    if (style.waits() && random.nextInt(6) == 0) {
      faults.add(new Planned(Fault.CLOSED, 1 + random.nextInt(120), 0));
    }
    if (style.has(Option.ASK_FOR_APPROVAL) && random.nextInt(4) > 0) {
      faults.add(new Planned(Fault.APPROVE, 10 + random.nextInt(80), 0));
    }
    if (faults.stream().anyMatch(planned -> planned.fault() == Fault.PAUSE)
        && random.nextBoolean()) {
      faults.add(new Planned(Fault.RESUME, 60 + random.nextInt(60), 0));
    }
    String service =
        shape == Shape.PAIR && random.nextInt(4) == 0 ? shape.routed(random.nextInt(2)).name() : "";
    return new Act(
        verb,
        style,
        Color.values()[random.nextInt(2)],
        service,
        random.nextInt(12) == 0,
        random.nextBoolean(),
        faults);
  }

  /** One fault of a call in four times. */
  private static Optional<Planned> some(Point point, Random random) {
    List<Fault> faults = Fault.at(point);
    Fault fault = faults.get(random.nextInt(faults.size()));
    return random.nextInt(4) > 0
        ? Optional.empty()
        : Optional.of(new Planned(fault, 1 + random.nextInt(100), random.nextInt(1000)));
  }

  private static Act.Verb verb(int dice) {
    return dice < 8
        ? Act.Verb.DEPLOY
        : switch (dice) {
          case 8, 9 -> Act.Verb.SWITCH;
          case 10, 11 -> Act.Verb.ROLLBACK;
          case 12 -> Act.Verb.START;
          case 13 -> Act.Verb.STOP;
          case 14, 15 -> Act.Verb.RECOVER;
          case 16 -> Act.Verb.ADOPT;
          case 17 -> Act.Verb.REPAIR;
          case 18 -> Act.Verb.REDEPLOY;
          case 19, 20 -> Act.Verb.CARRY_ON;
          case 21 -> Act.Verb.APPROVE_LEFT;
          case 22 -> Act.Verb.ABORT_LEFT;
          default -> Act.Verb.LOOK;
        };
  }

  /** How long requests take that a slot still answers when it has lost its traffic. */
  Duration linger() {
    return Duration.ofSeconds(List.of(0, 0, 2, 8).get((int) Math.floorMod(seed, 4L)));
  }

  /**
   * For the cells that chance rarely meets: a deployment killed at each of its calls, also on its
   * way back, and then somebody moves the traffic by hand to where it began, to half-way, or to the
   * end; a first switch to the colour that the proxy serves anyway; and a background service that
   * is deployed alone, with hooks.
   */
  static List<Script> directed() {
    List<Script> all = new ArrayList<>();
    for (Style style : STYLES) {
      for (int at = 30; at < 200; at++) {
        Act deploy =
            Act.of(Act.Verb.DEPLOY, style)
                .with(new Planned(Fault.APPROVE, 45, 0))
                .with(new Planned(Fault.CRASH_AFTER, at, 0));
        Act plain = Act.of(Act.Verb.DEPLOY, Style.PLAIN);
        Act aborted = deploy.with(new Planned(Fault.ABORT, 80, 0));
        for (int byHand : List.of(8, 4, 2)) {
          Act recover =
              Act.of(Act.Verb.RECOVER, Style.PLAIN)
                  .with(new Planned(Fault.SWITCHED_BY_HAND, 1, byHand));
          Act dead = recover.with(new Planned(Fault.LIVE_DIES, 1, 0));
          for (Act killed : List.of(deploy, aborted)) {
            all.add(new Script(at, Shape.WEB, false, List.of(plain, killed, recover)));
            all.add(new Script(at, Shape.WEB, false, List.of(plain, killed, dead)));
          }
        }
        Act same =
            Act.of(Act.Verb.SWITCH, style)
                .with(new Planned(Fault.STRANGER_ON_PORT, 1, 0))
                .with(new Planned(Fault.APPROVE, 20, 0))
                .with(new Planned(Fault.CRASH_AFTER, at - 25, 0));
        Act recover = Act.of(Act.Verb.RECOVER, Style.PLAIN);
        Act dead = recover.with(new Planned(Fault.LIVE_DIES, 1, 0));
        all.add(new Script(at, Shape.WEB, false, List.of(plain, deploy, dead)));
        all.add(new Script(at, Shape.WEB, false, List.of(plain, aborted, dead)));
        Act sick = recover.with(new Planned(Fault.SICK_FOR_A_MINUTE, 1, 0));
        all.add(new Script(at, Shape.WEB, false, List.of(same, recover)));
        all.add(new Script(at, Shape.WEB, false, List.of(same, sick)));
        Act bot =
            new Act(Act.Verb.DEPLOY, style, Color.BLUE, "bot", false, false, List.of())
                .with(new Planned(Fault.APPROVE, 20, 0))
                .with(new Planned(Fault.CRASH_AFTER, at, 0));
        all.add(new Script(at, Shape.BOT, true, List.of(plain, bot, recover)));
      }
    }
    return all;
  }

  Script with(List<Act> other) {
    return new Script(seed, shape, hooks, other);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("seed " + seed + ", group " + shape + (hooks ? " with hooks" : ""));
    for (int i = 0; i < acts.size(); i++) {
      text.append("\n  ").append(i + 1).append(". ").append(acts.get(i));
    }
    return text.toString();
  }
}
