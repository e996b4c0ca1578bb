package io.bluegreen.examples.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The disk fails at each point of a switch, on the real proxies. Then the switch says only what is
 * true, all services are served by the same one of the two splits, and the next switch, on a disk
 * that works again, cleans everything up.
 */
@Tag("long")
class DiskFaultTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MORE_THAN_ANY_SWITCH_HAS = 100;

  private long generation;

  @ParameterizedTest
  @EnumSource
  void switchTellsTheTruthWhereverTheDiskFails(RouterOnDisk kind) throws Exception {
    try (RouterOnDisk.Standing it = kind.stand()) {
      it.router().open(new Router.Opening(it.group(), Optional.empty(), 0));
      TrafficSplit serving = TrafficSplit.all(it.group(), Color.BLUE);
      it.router().apply(change(serving, serving));
      for (DiskFault fault : EnumSet.complementOf(EnumSet.of(DiskFault.NONE))) {
        int points = 0;
        for (int effect = 1; effect < MORE_THAN_ANY_SWITCH_HAS; effect++) {
          TrafficSplit to = other(serving, it);
          Optional<RouterException> failure = Optional.empty();
          it.disk().fail(fault, effect);
          try {
            it.router().apply(change(serving, to));
          } catch (RouterException e) {
            failure = Optional.of(e);
          }
          String struck = it.disk().heal();
          String point = kind + ", " + fault + " at effect " + effect + ": " + struck;
          assertToldTruly(point, it, serving, to, failure);

          TrafficSplit served = it.asked();
          it.router().apply(change(served, to));
          assertThat(it.asked()).as(point + ", made again").isEqualTo(to);
          RouterTruth.Known truth = (RouterTruth.Known) it.router().current();
          assertThat(truth.wholly(to)).as(point + ", made again: " + truth).isTrue();
          assertThat(truth.drift()).as(point + ", made again").isEmpty();
          serving = to;
          if (struck.isEmpty()) {
            break;
          }
          points++;
        }
        System.out.println(kind + ", " + fault + ": " + points + " points, each told truly");
        assertThat(points).as(kind + ", " + fault).isPositive();
        assertThat(points).as("all of them").isLessThan(MORE_THAN_ANY_SWITCH_HAS - 1);
        assertThat(it.leftovers()).as(kind + ", " + fault).isEmpty();
      }
    }
  }

  private static void assertToldTruly(
      String point,
      RouterOnDisk.Standing it,
      TrafficSplit from,
      TrafficSplit to,
      Optional<RouterException> failure)
      throws Exception {
    TrafficSplit served = it.asked();
    assertThat(served).as(point).isIn(from, to);
    RouterTruth.Known truth = (RouterTruth.Known) it.router().current();
    assertThat(truth.running()).as(point).isEqualTo(served);
    assertThat(truth.durable()).as(point).isIn(from, to);
    if (failure.isEmpty()) {
      assertThat(truth.wholly(to)).as(point + ", done: " + truth).isTrue();
      return;
    }
    boolean changed = failure.get().effect() == RouterException.Effect.CHANGED;
    assertThat(served).as(point + ": " + failure.get()).isEqualTo(changed ? to : from);
  }

  private static TrafficSplit other(TrafficSplit split, RouterOnDisk.Standing it) {
    TrafficSplit blue = TrafficSplit.all(it.group(), Color.BLUE);
    return split.equals(blue) ? TrafficSplit.all(it.group(), Color.GREEN) : blue;
  }

  private Switch change(TrafficSplit from, TrafficSplit to) {
    return new Switch(from, to, ++generation, "d-" + generation, 1, LIMIT);
  }
}
