package io.bluegreen.simulation;

import io.bluegreen.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Everything that happens in one run, as data: the same script is the same run, to the last call.
 *
 * @param seed of what is not planned: ids, tokens, jitter
 * @param hooks whether the host has hooks
 */
record Script(long seed, Shape shape, boolean hooks, List<Act> acts) {
  private static final Style[] STYLES = Style.values();

  Script {
    acts = List.copyOf(acts);
  }

  static Script random(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
    List<Act> acts = new ArrayList<>();
    int prelude = random.nextInt(3);
    for (int i = 0; i < prelude; i++) {
      acts.add(Act.of(Act.Verb.DEPLOY, Style.PLAIN));
    }
    int calm = random.nextInt(4); // Many faults at once hide what one alone would show.
    int length = 1 + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      acts.add(act(random, shape, calm));
    }
    return new Script(seed, shape, random.nextInt(3) == 0, acts);
  }

  private static Act act(Random random, Shape shape, int calm) {
    Act.Verb verb = verb(random.nextInt(20));
    Style style = STYLES[random.nextInt(STYLES.length)];
    List<Planned> faults = new ArrayList<>();
    int number = calm == 0 ? random.nextInt(4) : random.nextInt(2) + (calm == 1 ? 0 : 1) % 2;
    for (int i = 0; i < number; i++) {
      Fault fault =
          random.nextInt(4) == 0
              ? Fault.ALL.get(random.nextInt(4))
              : Fault.ALL.get(random.nextInt(Fault.ALL.size()));
      int at = 1 + (random.nextBoolean() ? random.nextInt(40) : random.nextInt(160));
      faults.add(new Planned(fault, at, random.nextInt(1000)));
    }
    if (style.policy.options().contains(io.bluegreen.DeploymentPolicy.Option.ASK_FOR_APPROVAL)
        && random.nextInt(4) > 0) {
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
          default -> Act.Verb.LOOK;
        };
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
