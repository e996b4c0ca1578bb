package io.bluegreen.testing.contract;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bluegreen.Color;
import io.bluegreen.Instance;
import io.bluegreen.Listening;
import io.bluegreen.RouterTruth;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The promises of a {@link io.bluegreen.Router} about {@code current()}: it says what the proxy
 * serves, and asks it each time. Part of {@link RouterContract}.
 */
public interface RouterTruthContract {
  /** Starts a proxy that was never switched, with applications behind it; the clause closes it. */
  ProxyUnderTest startProxy();

  @Test
  default void beforeTheFirstSwitchNothingIsAssignedAndBlueAnswers() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      RouterTruth.Known truth = bench.truth();
      assertThat(truth.unassigned())
          .as("current() promises to name every service that was never switched")
          .isEqualTo(bench.all(BLUE).services());
      assertThat(truth.generation())
          .as("current() promises the generation 0 before the first switch")
          .isZero();
      assertThat(truth.running())
          .as("current() promises to tell the rendered default, blue, before the first switch")
          .isEqualTo(bench.all(BLUE));
      bench.answersOnly("a proxy serves blue before the first switch", bench.all(BLUE));
    }
  }

  @Test
  default void addressesWhereSomethingRunsListenBeforeTheFirstSwitch() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      for (Service service : bench.proxy.group().routed()) {
        for (Color color : Color.values()) {
          for (Instance instance : bench.proxy.group().slot(service.name(), color).instances()) {
            assertThat(bench.router.listens(instance, Duration.ofSeconds(10)))
                .as(
                    "listens() promises YES where something runs, as at %s: else a first deployment"
                        + " takes it for an empty machine",
                    instance)
                .isEqualTo(Listening.YES);
          }
        }
      }
    }
  }

  @Test
  default void currentAsksTheProxyAndNotItsMemory() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      String promise = "current() promises to ask the proxy, and not its memory";
      if (bench.proxy.outlivesItsRouter()) {
        bench.switchByAnotherRouter(BLUE);
        bench.serves(promise, bench.all(BLUE));
      } else {
        bench.reopen();
        bench.serves(
            "a router that is the proxy promises to start with what was acknowledged",
            bench.all(GREEN));
      }
    }
  }

  @Test
  default void currentTellsEachSwitchAndNotWhatItAnsweredBefore() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      for (Color color : List.of(GREEN, BLUE, GREEN)) {
        RouterTruth.Known before = bench.truth();
        Switch change = bench.change(bench.all(color));
        bench.apply(change);
        RouterTruth.Known now = bench.truth();
        String promise =
            "current() promises to ask the proxy each time, and not to repeat what it answered"
                + " before the switch to "
                + color;
        bench.serves(promise, bench.all(color));
        Promise.kept(
            promise,
            now.generation() == change.generation(),
            () -> "before " + before + ", now " + now);
      }
    }
  }

  @Test
  default void whatAPersonMovesByHandIsToldAndNoNoteOfTheRouters() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(BLUE);
      bench.switchTo(GREEN);
      String service = bench.firstService();
      String promise =
          "current() promises what the proxy serves, or drift, and not a note of what was applied,"
              + " where a person has moved "
              + service
              + " to blue";
      if (bench.proxy.outlivesItsRouter()) {
        bench.moveByHand(service, BLUE);
        TrafficSplit byHand = bench.all(GREEN).with(service, GREEN, 0);
        bench.eventually(
            promise,
            () ->
                !(bench.router.current() instanceof RouterTruth.Known known)
                    || known.running().equals(byHand)
                    || !known.drift().isEmpty(),
            () -> "current() = " + bench.router.current());
      } else {
        bench.serves("a router that is the proxy promises what it serves", bench.all(GREEN));
      }
    }
  }

  @Test
  default void aProxyThatIsDownIsUnreachableAndNotAnException() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      bench.proxy.goDown();
      String promise = "current() promises UNREACHABLE, and no exception, for a proxy that is down";
      assertThatCode(() -> bench.router.current()).as(promise).doesNotThrowAnyException();
      assertThat(bench.router.current()).as(promise).isInstanceOf(RouterTruth.Unreachable.class);
      bench.refused(
          "apply() promises to throw where the switch can't be proven",
          bench.change(bench.all(BLUE)));
    }
  }
}
