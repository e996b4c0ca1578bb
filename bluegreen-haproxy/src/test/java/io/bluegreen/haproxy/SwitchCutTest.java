package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.haproxy.DisturbedSwitches.Mode;
import io.bluegreen.haproxy.FaultyRelay.Fault;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reply that is cut at any byte, of any command of a switch, in either mode and under load. */
@Tag("long")
class SwitchCutTest {
  @ParameterizedTest(name = "{0}, executed {1}")
  @CsvSource({"MAP, true", "MAP, false", "SERVER, true", "SERVER, false"})
  void aReplyThatIsCutAtAnyByteOfAnyCommandEndsInTheRightSplit(Mode mode, boolean executed)
      throws Exception {
    try (DisturbedSwitches proxy = new DisturbedSwitches(mode, UnaryOperator.identity());
        FaultyRelay relay = new FaultyRelay(proxy.haproxy().dir.resolve("admin.sock"), false)) {
      RuntimeApi admin = RuntimeApi.unix(relay.path()).within(Duration.ofMillis(500));
      relay.heal();
      proxy.load.switching(Color.GREEN);
      proxy.apply(Color.GREEN, admin, step -> {});
      proxy.load.switched(Color.GREEN);
      int commands = relay.heal();
      assertThat(commands).isGreaterThan(7);
      Color live = Color.GREEN;
      for (int at = 0; at < commands; at++) {
        int length = 1;
        for (int kept = 0; kept < length; kept += executed ? 1 + length / 40 : 1) {
          Fault fault = new Fault(at, false, executed, kept);
          relay.plan(fault);
          live = switched(proxy, admin, live, fault);
          length = relay.struck();
          relay.heal();
        }
      }
      proxy.load.end();
      assertThat(proxy.load.failed()).isEmpty();
      assertThat(proxy.load.stale()).isEmpty();
    }
  }

  /** Applies, and holds the result to the truth that another router finds. */
  private static Color switched(
      DisturbedSwitches proxy, RuntimeApi admin, Color live, Fault fault) {
    Color next = live.other();
    proxy.load.switching(next);
    Effect said = Effect.CHANGED;
    try {
      proxy.apply(next, admin, step -> {});
    } catch (RouterException e) {
      said = e.effect();
    }
    Known truth = proxy.truth();
    if (said == Effect.UNKNOWN) {
      assertThat(truth.durable()).isIn(List.of(proxy.all(live), proxy.all(next)));
      proxy.router.apply(proxy.to(next, DisturbedSwitches.WITHIN));
    } else {
      Color is = said == Effect.CHANGED ? next : live;
      assertThat(truth.wholly(proxy.all(is))).describedAs("%s after %s", said, fault).isTrue();
      next = is;
    }
    proxy.load.switched(next);
    return next;
  }
}
