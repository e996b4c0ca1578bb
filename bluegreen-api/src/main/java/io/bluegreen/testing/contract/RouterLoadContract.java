package io.bluegreen.testing.contract;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Guarantee;
import org.junit.jupiter.api.Test;

/**
 * What a {@link io.bluegreen.Router} promises to clients that never pause while it switches: four
 * on connections that they keep and two that open one for each request, without a retry. Part of
 * {@link RouterContract}.
 */
public interface RouterLoadContract {
  /** Starts a proxy that was never switched, with applications behind it; the clause closes it. */
  ProxyUnderTest startProxy();

  /** Returns how many switches are made under load in each clause; by default 20. */
  default int switchesUnderLoad() {
    return 20;
  }

  @Test
  default void noRequestFailsBecauseOfASwitchOrTheReportAdmitsThatSomeMay() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      RouterLoad load = RouterLoad.over(bench, switchesUnderLoad());
      if (bench.declares(Guarantee.LOSSLESS)) {
        assertThat(load.failed())
            .as(
                "LOSSLESS promises that no request fails because of a switch; of %s in %s switches",
                load.requests(), switchesUnderLoad())
            .isEmpty();
      } else {
        bench.admits(Guarantee.LOSSLESS);
        assertThat(load.failed())
            .as("a router that is not LOSSLESS still serves most requests")
            .hasSizeLessThan(load.requests() / 2);
      }
    }
  }

  @Test
  default void noRequestAfterASwitchReachesTheFormerColourOrTheReportAdmitsThatSomeMay()
      throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      RouterLoad load = RouterLoad.over(bench, switchesUnderLoad());
      if (bench.declares(Guarantee.NO_STALE)) {
        assertThat(load.stale())
            .as(
                "NO_STALE promises that no request that starts after apply() has returned reaches"
                    + " a slot with share 0; of %s in %s switches",
                load.requests(), switchesUnderLoad())
            .isEmpty();
      } else {
        bench.admits(Guarantee.NO_STALE);
        bench.answersOnly(
            "apply() promises that new connections reach the new colour",
            bench.all(switchesUnderLoad() % 2 == 0 ? BLUE : GREEN));
      }
    }
  }

  @Test
  default void aGroupMovesAtOneInstantOrTheReportAdmitsThatItMayNot() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      RouterLoad load = RouterLoad.over(bench, switchesUnderLoad());
      if (bench.declares(Guarantee.ATOMIC_GROUP)) {
        assertThat(load.mixed())
            .as(
                "ATOMIC_GROUP promises that all services move at one instant: who has seen one of"
                    + " them moved sees all of them moved; of %s in %s switches",
                load.requests(), switchesUnderLoad())
            .isEmpty();
      } else {
        bench.admits(Guarantee.ATOMIC_GROUP);
        bench.answersOnly(
            "apply() promises that every service has moved when it has returned",
            bench.all(switchesUnderLoad() % 2 == 0 ? BLUE : GREEN));
      }
    }
  }
}
