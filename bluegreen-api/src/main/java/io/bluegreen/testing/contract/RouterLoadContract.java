package io.bluegreen.testing.contract;

import io.bluegreen.RouterGuarantee;
import java.util.Queue;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * The promises of a {@link io.bluegreen.Router} to clients that never pause while it switches: four
 * keep their connection and two open one for each request, all without a retry. Part of {@link
 * RouterContract}.
 */
public interface RouterLoadContract {
  /** Starts a proxy that was never switched, with applications behind it; the clause closes it. */
  ProxyUnderTest startProxy();

  /**
   * Returns the least number of switches under load; by default 20. More are made until two seconds
   * are over.
   */
  default int switchesUnderLoad() {
    return 20;
  }

  /** Makes one load for all three promises, and names each that is broken. */
  @Test
  default void whatIsPromisedToClientsIsKeptUnderLoadOrTheReportAdmitsThatItMayNot()
      throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      RouterLoad load = RouterLoad.over(bench, switchesUnderLoad());
      SoftAssertions promises = new SoftAssertions();
      promised(
          promises,
          "LOSSLESS promises that no request fails because of a switch",
          load.failed(),
          load,
          bench.declares(RouterGuarantee.LOSSLESS));
      promised(
          promises,
          "NO_STALE promises that no request that starts after apply() has returned reaches a slot"
              + " with share 0",
          load.stale(),
          load,
          bench.declares(RouterGuarantee.NO_STALE));
      promised(
          promises,
          "ATOMIC_GROUP promises that all services move at one instant: a client that has seen one"
              + " of them moved sees all of them moved",
          load.mixed(),
          load,
          bench.declares(RouterGuarantee.ATOMIC_GROUP));
      promises
          .assertThat(load.failed())
          .as("a router that is not LOSSLESS still serves most requests")
          .hasSizeLessThan(load.requests() / 2);
      promises.assertAll();
      for (RouterGuarantee one :
          new RouterGuarantee[] {
            RouterGuarantee.LOSSLESS, RouterGuarantee.NO_STALE, RouterGuarantee.ATOMIC_GROUP
          }) {
        if (!bench.declares(one)) {
          bench.admits(one);
        }
      }
      bench.answersOnly(
          "apply() promises that every service has moved when it has returned",
          bench.all(load.last()));
    }
  }

  private static void promised(
      SoftAssertions promises, String promise, Queue<String> broken, RouterLoad load, boolean by) {
    promises
        .assertThat(by ? broken.size() : 0)
        .as("%s; of %s requests in %s switches", promise, load.requests(), load.switches())
        .overridingErrorMessage(
            "[%s; of %s requests in %s switches] but seen was: %s",
            promise, load.requests(), load.switches(), broken)
        .isZero();
  }
}
