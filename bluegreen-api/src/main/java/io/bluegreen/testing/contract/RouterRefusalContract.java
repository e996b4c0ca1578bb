package io.bluegreen.testing.contract;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterTruth;
import io.bluegreen.TrafficSplit;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The part of {@link RouterContract} about switches that {@link
 * io.bluegreen.Switch#admit(io.bluegreen.RouterTruth.Known)} refuses. Nothing is changed then, the
 * effect says so, and the message says what is serving.
 */
public interface RouterRefusalContract {
  /** Starts a proxy that was never switched, with applications behind it; the clause closes it. */
  ProxyUnderTest startProxy();

  @Test
  default void aSwitchThatNamesSomeServicesOnlyIsRefused() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      String service = bench.firstService();
      TrafficSplit green = new TrafficSplit(Map.of(service, 100));
      bench.leavesAlone(
          "apply() promises to refuse a switch that does not name the whole group",
          bench.change(green, new TrafficSplit(Map.of(service, 0)), 10));
      bench.answersOnly("apply() promises to leave alone what it refuses", bench.all(GREEN));
    }
  }

  @Test
  default void aLowerFenceIsRefusedAndChangesNothing() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.apply(bench.change(bench.all(BLUE), bench.all(GREEN), 7));
      String promise = "apply() promises to refuse a fence that is lower than one seen before";
      bench.leavesAlone(promise, bench.change(bench.all(GREEN), bench.all(BLUE), 6));
      bench.answersOnly(promise, bench.all(GREEN));
    }
  }

  @Test
  default void aGenerationThatIsNotAboveTheProxysIsRefusedUnlessItIsThatVerySwitch()
      throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(BLUE);
      bench.switchTo(GREEN);
      long carried = bench.truth().generation();
      String promise =
          "apply() promises to refuse a switch of a lower generation, which comes late";
      bench.leavesAlone(promise, bench.numbered(carried - 1, bench.all(GREEN), bench.all(BLUE)));
      bench.leavesAlone(
          "apply() promises to refuse a generation that another switch has had already",
          bench.numbered(carried, bench.all(GREEN), bench.all(BLUE)));
      bench.answersOnly(promise, bench.all(GREEN));
      bench.apply(bench.numbered(carried, bench.all(BLUE), bench.all(GREEN)));
      bench.serves("apply() promises to be idempotent", bench.all(GREEN));
    }
  }

  @Test
  default void theNextProcessReadsTheSameTruthAndRefusesALowerFence() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.apply(bench.change(bench.all(BLUE), bench.all(GREEN), 7));
      RouterTruth before = bench.truth();
      bench.reopen();
      bench.tells("current() promises the truth of the proxy, whichever process asks", before);
      if (bench.proxy.outlivesItsRouter()) {
        bench.refused(
            "apply() promises to refuse a fence lower than the highest durably seen",
            bench.change(bench.all(GREEN), bench.all(BLUE), 6));
      }
      bench.answersOnly("a proxy goes on serving what it served", bench.all(GREEN));
    }
  }

  @Test
  default void aProxyThatServesNeitherSplitIsRefusedAndLeftAlone() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.apply(bench.change(bench.all(BLUE).with(bench.firstService(), GREEN, 50)));
      bench.leavesAlone(
          "apply() promises to refuse a proxy that serves neither from nor to",
          bench.change(bench.all(BLUE), bench.all(GREEN), 10));
    }
  }

  @Test
  default void aGroupHalfWayBetweenTheSplitsIsRefusedOrMovedWhole() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      TrafficSplit half = bench.all(BLUE).with(bench.firstService(), GREEN, 100);
      bench.apply(bench.change(half));
      if (bench.declares(RouterGuarantee.ATOMIC_GROUP)) {
        bench.refused(
            "apply() promises to refuse a proxy that serves neither from nor to, which a router"
                + " that declares ATOMIC_GROUP never leaves",
            bench.change(bench.all(BLUE), bench.all(GREEN), 10));
        bench.answersOnly("apply() promises to leave alone what it refuses", half);
      } else {
        bench.finishOrRefuse(bench.change(bench.all(BLUE), bench.all(GREEN), 10), half);
      }
    }
  }
}
