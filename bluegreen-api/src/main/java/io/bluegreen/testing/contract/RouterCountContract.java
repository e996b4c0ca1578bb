package io.bluegreen.testing.contract;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.InFlight;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter.Measure;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The promises of a {@link io.bluegreen.Router} about requests in flight and about its counts. Part
 * of {@link RouterContract}.
 */
public interface RouterCountContract {
  /** Starts a proxy that was never switched, with applications behind it; the clause closes it. */
  ProxyUnderTest startProxy();

  @Test
  default void whatASlotIsStillAnsweringIsSeenInFlight() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      String service = bench.firstService();
      Slot slot = bench.proxy.group().slot(service, BLUE);
      boolean known = bench.declares(RouterGuarantee.DRAIN_KNOWN);
      try (ProxyUnderTest.Held held = bench.proxy.hold(service)) {
        assertThat(held).isNotNull();
        bench.switchTo(GREEN);
        InFlight answering = bench.router.inFlight(slot);
        Promise.kept(
            "inFlight() promises never to say NONE while a request is being answered",
            !answering.isNone(),
            () -> answering);
        Promise.kept(
            "DRAIN_KNOWN promises that inFlight() never says UNKNOWN",
            answering.count().isPresent() || !known,
            () -> answering);
      }
      String promise = "DRAIN_KNOWN promises that inFlight() says NONE when all was answered";
      bench.eventually(
          promise,
          () -> bench.router.inFlight(slot).isNone() || !known,
          () -> bench.router.inFlight(slot));
    }
  }

  @Test
  default void cutEndsWhatIsInFlightOrSaysThatItCanNot() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      String service = bench.firstService();
      try (ProxyUnderTest.Held held = bench.proxy.hold(service)) {
        assertThat(held).isNotNull();
        bench.switchTo(GREEN);
        int cut = bench.router.cut(bench.proxy.group().slot(service, BLUE));
        assertThat(cut).as("cut() promises how many requests it ended").isEqualTo(1);
      } catch (RouterException cannot) {
        assertThat(cannot.effect())
            .as("cut() promises to change nothing where it can't cut")
            .isEqualTo(RouterException.Effect.UNCHANGED);
      }
      bench.answersOnly("cut() promises to leave the live colour alone", bench.all(GREEN));
    }
  }

  @Test
  default void aMeterTellsWhatTheRouterDeclares() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      bench.answersOnly("apply() promises that requests reach green", bench.all(GREEN));
      for (Measure measure : bench.router.measures()) {
        bench.eventually(
            "measures() promises that the meter tells " + measure + " of a slot that has answered",
            () -> bench.meter().tells(measure, GREEN),
            () -> bench.meter().reading());
      }
    }
  }

  @Test
  default void aMeterCountsEveryRequestForTheSlotThatAnsweredIt() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      Map<String, Long> before = bench.meter().counted();
      bench.answersOnly("apply() promises that requests reach green", bench.all(GREEN));
      assertThat(before.keySet())
          .as("a meter promises a count for every slot of every routed service")
          .isEqualTo(bench.meter().slotsToCount());
      bench.eventually(
          "a meter promises to count what each slot of the live colour answered",
          () -> bench.meter().countsGrewBy(before, GREEN, RouterBench.REQUESTS),
          () -> "before " + before + ", now " + bench.meter().counted());
      Promise.kept(
          "a meter promises to count a request for no other slot",
          bench.meter().countsGrewBy(before, BLUE, 0),
          () -> "before " + before + ", now " + bench.meter().counted());
    }
  }
}
