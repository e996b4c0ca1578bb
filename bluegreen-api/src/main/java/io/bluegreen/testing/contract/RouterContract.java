package io.bluegreen.testing.contract;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bluegreen.Color;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link io.bluegreen.Router} promises. Each clause starts a proxy of its own, switches
 * it, and asks the applications behind it. A guarantee that the router declares is proven; one that
 * it does not declare must be admitted in its report, with a remedy. The clauses under load are in
 * {@link RouterLoadContract}, those about counting in {@link RouterCountContract}, those about
 * switches that may not begin in {@link RouterRefusalContract}.
 *
 * <pre>{@code
 * class MyRouterTest implements RouterContract {
 *   public ProxyUnderTest startProxy() { return new MyProxy(new Backends("web", "shop")); }
 * }
 * }</pre>
 */
public interface RouterContract
    extends RouterLoadContract, RouterCountContract, RouterRefusalContract {

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
  default void openOnlyReads() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      RouterTruth before = bench.truth();
      bench.reopen();
      String promise = "open() promises to change nothing";
      bench.tells(promise, before);
      bench.answersOnly(promise, bench.all(GREEN));
    }
  }

  @Test
  default void serveOpensTheDoorsOfARouterThatIsTheProxyAndChangesNoOther() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy());
        Router second = bench.proxy.router()) {
      bench.switchTo(GREEN);
      RouterTruth before = bench.truth();
      second.open(bench.opening());
      String promise = "serve() promises to change nothing where the proxy is another program";
      if (!bench.proxy.outlivesItsRouter()) {
        String looking = "open() promises to open no door: serve() does, under the lease";
        assertThat(second.current())
            .as(looking)
            .isInstanceOfSatisfying(
                RouterTruth.NotServing.class,
                not -> assertThat(not.once().running()).isEqualTo(bench.all(GREEN)));
        bench.answersOnly(
            "a second router promises to leave one that serves alone", bench.all(GREEN));
        bench.router.close();
        bench.servesNobody(looking);
        promise = "serve() promises to begin with what was acknowledged, and to do nothing again";
      }
      second.serve(bench.opening());
      second.serve(new Router.Opening(bench.proxy.group(), Optional.empty(), 0));
      bench.router = second;
      bench.tells(promise, before);
      bench.answersOnly(promise, bench.all(GREEN));
    }
  }

  @Test
  default void afterApplyEveryRequestReachesTheNewColour() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      for (Color color : List.of(GREEN, BLUE, GREEN)) {
        bench.switchTo(color);
        bench.answersOnly(
            "apply() promises that requests reach " + color + " when it has returned",
            bench.all(color));
      }
    }
  }

  @Test
  default void afterApplyTheTruthIsWhollyTheNewSplitWithItsGeneration() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      Switch change = bench.change(bench.all(GREEN));
      bench.apply(change);
      RouterTruth.Known truth = bench.truth();
      assertThat(truth.running())
          .as("apply() promises that running truth is the new split")
          .isEqualTo(change.to());
      assertThat(truth.durable())
          .as("apply() promises that durable truth is the new split")
          .isEqualTo(change.to());
      assertThat(truth.generation())
          .as("apply() promises that the proxy carries the generation")
          .isEqualTo(change.generation());
      assertThat(truth.fence())
          .as("current() promises the highest fence that was seen")
          .isEqualTo(change.fence());
      assertThat(truth.unassigned())
          .as("apply() promises that a switched service counts as assigned")
          .isEmpty();
    }
  }

  @Test
  default void aServiceIsSwitchedWithoutTheOthers() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      TrafficSplit one = bench.all(BLUE).with(bench.firstService(), GREEN, 100);
      bench.apply(bench.change(one));
      String promise = "apply() promises that services may differ in colour";
      assertThat(bench.truth().running()).as(promise).isEqualTo(one);
      bench.answersOnly(promise, one);

      String still =
          "apply() promises to leave the services alone whose share does not change, those on"
              + " green, too";
      bench.switchTo(GREEN);
      bench.serves(still, bench.all(GREEN));
      TrafficSplit other = bench.all(GREEN).with(bench.firstService(), GREEN, 0);
      bench.apply(bench.change(other));
      assertThat(bench.truth().running()).as(still).isEqualTo(other);
      bench.answersOnly(still, other);
    }
  }

  @Test
  default void aGradualSplitIsSharedAboutAsAsked() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      String service = bench.firstService();
      bench.apply(bench.change(bench.all(BLUE).with(service, GREEN, 25)));
      assertThat(bench.truth().running().share(service, GREEN))
          .as("current() promises the percent that was applied")
          .isEqualTo(25);
      // For 400 clients shared by chance this is more than six standard deviations wide.
      assertThat(bench.greenOf(400, service))
          .as("apply() promises about 25 percent of new clients to green, that is 100 of 400")
          .isBetween(45, 155);
    }
  }

  @Test
  default void applyIsIdempotent() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      Switch change = bench.change(bench.all(GREEN));
      bench.apply(change);
      String promise = "apply() promises to be idempotent";
      assertThatCode(() -> bench.apply(change)).as(promise).doesNotThrowAnyException();
      Switch again = bench.change(bench.all(BLUE), bench.all(GREEN), 10);
      assertThatCode(() -> bench.apply(again)).as(promise).doesNotThrowAnyException();
      bench.serves(promise, again.to());
      assertThat(bench.truth().generation())
          .as(promise + " apart from its generation")
          .isEqualTo(again.generation());
      bench.answersOnly(promise, again.to());
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
  default void planSaysSomethingAndTouchesNothing() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      RouterTruth before = bench.truth();
      assertThat(bench.router.plan(bench.change(bench.all(GREEN))))
          .as("plan() promises to say what apply() would do")
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).isNotBlank());
      assertThat(bench.truth()).as("plan() promises to touch nothing").isEqualTo(before);
      bench.answersOnly("plan() promises to touch nothing", bench.all(BLUE));
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

  @Test
  default void aProxyThatIsDownIsARouterExceptionOfOpenOrUnreachable() {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.router.close();
      bench.proxy.goDown();
      bench.router = bench.proxy.router();
      String promise =
          "open() promises a RouterException, and nothing else, where the proxy is down; a router"
              + " that opens all the same says UNREACHABLE, unless it is the proxy";
      try {
        bench.router.open(new Router.Opening(bench.proxy.group(), Optional.empty(), 0));
        RouterTruth truth = bench.router.current();
        boolean told = truth instanceof RouterTruth.Unreachable;
        Promise.kept(promise, told || !bench.proxy.outlivesItsRouter(), () -> truth);
      } catch (RouterException refusal) {
        Promise.kept(promise, !String.valueOf(refusal.getMessage()).isBlank(), () -> refusal);
      } catch (RuntimeException other) {
        Promise.kept(promise, false, () -> other);
      }
    }
  }

  @Test
  default void aRestartOfTheProxyKeepsASwitchOrTheReportAdmitsThatItMayNot() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      bench.switchTo(GREEN);
      bench.proxy.restart();
      bench.reopen();
      String promise = "RELOAD_SAFE promises that a restart keeps a switch that was acknowledged";
      if (bench.declares(RouterGuarantee.RELOAD_SAFE)) {
        bench.serves(promise, bench.all(GREEN));
        bench.answersOnly(promise, bench.all(GREEN));
      } else {
        bench.admits(RouterGuarantee.RELOAD_SAFE);
        bench.answersOnly(
            "current() promises what the proxy serves, after a restart too",
            bench.truth().running());
      }
    }
  }

  @Test
  default void anInterruptedApplyLeavesOneOfTheTwoSplits() throws Exception {
    try (RouterBench bench = new RouterBench(startProxy())) {
      RouterException.Effect said = RouterException.Effect.CHANGED;
      Thread.currentThread().interrupt();
      try {
        bench.router.apply(bench.change(bench.all(GREEN)));
      } catch (RouterException interrupted) {
        said = interrupted.effect();
      } finally {
        boolean kept = Thread.interrupted();
        Promise.kept(
            "apply() promises to leave the interrupt flag of its thread set",
            kept,
            () -> "the flag was cleared");
      }
      bench.eventually(
          "apply() promises one of its two splits, durable as it runs, after an interruption",
          () -> bench.truth().wholly(bench.all(GREEN)) || bench.truth().wholly(bench.all(BLUE)),
          bench::truth);
      RouterException.Effect was =
          bench.truth().wholly(bench.all(GREEN))
              ? RouterException.Effect.CHANGED
              : RouterException.Effect.UNCHANGED;
      assertThat(said)
          .as("apply() promises that the effect of its failure was read back from the proxy")
          .isIn(was, RouterException.Effect.UNKNOWN);
      bench.answersOnly("current() promises what is served", bench.truth().running());
    }
  }
}
