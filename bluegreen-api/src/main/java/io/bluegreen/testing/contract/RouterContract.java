package io.bluegreen.testing.contract;

import static io.bluegreen.Color.BLUE;
import static io.bluegreen.Color.GREEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.bluegreen.Color;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The promises of every {@link io.bluegreen.Router}, as tests. Each clause starts a proxy of its
 * own, switches it, and asks the applications behind it. A guarantee that the router declares is
 * proven; one that it does not declare must be admitted in its report, with a remedy. The clauses
 * here are about switches that are made. The clauses about opening, truth, refused switches,
 * counting, and clients that never pause have interfaces of their own, which this one joins.
 *
 * <pre>{@code
 * class MyRouterTest implements RouterContract {
 *   public ProxyUnderTest startProxy() { return new MyProxy(new Backends("web", "shop")); }
 * }
 * }</pre>
 */
public interface RouterContract
    extends RouterOpenContract,
        RouterTruthContract,
        RouterRefusalContract,
        RouterCountContract,
        RouterLoadContract {

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
