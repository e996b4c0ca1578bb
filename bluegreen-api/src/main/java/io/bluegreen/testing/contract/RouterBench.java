package io.bluegreen.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.bluegreen.Color;
import io.bluegreen.Router;
import io.bluegreen.RouterException;
import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One proxy with one open router in front of it, for one clause. */
final class RouterBench implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** How many requests {@link #answersOnly} makes of each service. */
  static final int REQUESTS = 20;

  final ProxyUnderTest proxy;
  Router router;
  RouterReport report;
  private long generation;
  private TrafficSplit acknowledged;

  RouterBench(ProxyUnderTest proxy) {
    this.proxy = proxy;
    acknowledged = all(Color.BLUE);
    assertThat(acknowledged.services())
        .as("the contract needs a group with at least two routed services")
        .hasSizeGreaterThanOrEqualTo(2);
    router = proxy.router();
    Router.Opening opening = new Router.Opening(proxy.group(), Optional.empty(), 0);
    report = router.open(opening);
    router.serve(opening);
  }

  /** Closes the router and opens another, as the next process would. */
  void reopen() {
    router.close();
    router = proxy.router();
    report = router.open(opening());
    router.serve(opening());
  }

  /** Returns the values with which the next process would open its router. */
  Router.Opening opening() {
    Optional<TrafficSplit> told = generation == 0 ? Optional.empty() : Optional.of(acknowledged);
    return new Router.Opening(proxy.group(), told, generation);
  }

  boolean declares(RouterGuarantee guarantee) {
    return report.guarantees().contains(guarantee);
  }

  /** Fails unless the report says, with a remedy, that this guarantee is missing. */
  void admits(RouterGuarantee missing) {
    Set<String> remedies =
        report.warnings().stream()
            .filter(warning -> warning.costs().equals(Optional.of(missing)))
            .map(RouterReport.Warning::remedy)
            .collect(Collectors.toSet());
    assertThat(remedies)
        .as(
            "open() promises that its report has a warning with a remedy for the missing "
                + missing)
        .isNotEmpty()
        .doesNotContain("");
  }

  TrafficSplit all(Color color) {
    return TrafficSplit.all(proxy.group(), color);
  }

  String firstService() {
    return acknowledged.services().iterator().next();
  }

  /**
   * Fails unless the truth is as it was before. Former workers don't count, because they end by
   * themselves; nor does the fence of a proxy that dies with its router.
   */
  void tells(String promise, RouterTruth before) {
    String[] forgotten =
        proxy.outlivesItsRouter()
            ? new String[] {"formerWorkers"}
            : new String[] {"formerWorkers", "fence"};
    assertThat(truth())
        .as(promise)
        .usingRecursiveComparison()
        .ignoringFields(forgotten)
        .isEqualTo(before);
  }

  /**
   * Returns the next switch, from the split that was acknowledged last, with a fence that always
   * holds.
   */
  Switch change(TrafficSplit to) {
    return change(acknowledged, to, 10);
  }

  Switch change(TrafficSplit from, TrafficSplit to, long fence) {
    return new Switch(from, to, ++generation, "contract", fence, LIMIT);
  }

  /** Returns a switch of another generation than the next one. */
  Switch numbered(long number, TrafficSplit from, TrafficSplit to) {
    return new Switch(from, to, number, "contract", 10, LIMIT);
  }

  void switchTo(Color color) {
    apply(change(all(color)));
  }

  void apply(Switch change) {
    router.apply(change);
    acknowledged = change.to();
  }

  /** Moves all traffic as another process would; this router is not told. */
  void switchByAnotherRouter(Color to) {
    try (Router other = proxy.router()) {
      other.open(new Router.Opening(proxy.group(), Optional.of(acknowledged), generation));
      Switch change = change(all(to));
      other.apply(change);
      acknowledged = change.to();
    }
  }

  /** Applies a switch that must be refused, and returns the refusal. */
  RouterException refused(String promise, Switch change) {
    try {
      router.apply(change);
    } catch (RouterException refusal) {
      assertThat(refusal.effect())
          .as(promise + "; a refusal has no effect, so it must not say CHANGED")
          .isNotEqualTo(RouterException.Effect.CHANGED);
      return refusal;
    }
    return fail("[" + promise + "] apply() was expected to throw a RouterException, but returned");
  }

  /**
   * Applies a switch that {@link Switch#admit} refuses: nothing may change, and the refusal has to
   * say what is serving.
   */
  void leavesAlone(String promise, Switch change) {
    RouterTruth.Known before = truth();
    RouterException refusal = refused(promise, change);
    assertThat(refusal.effect())
        .as(promise + ", with UNCHANGED, because it never has an effect")
        .isEqualTo(RouterException.Effect.UNCHANGED);
    assertThat(refusal)
        .as(promise + ", and to say what is serving, as Switch.admit does")
        .hasMessageContaining(before.running().toString());
    tells(promise, before);
  }

  /**
   * Applies a switch to a group that a crash has left between two splits: a router that moves
   * service by service may finish it.
   */
  void finishOrRefuse(Switch change, TrafficSplit half) throws IOException {
    TrafficSplit serves = change.to();
    try {
      router.apply(change);
    } catch (RouterException refusal) {
      serves = half;
    }
    String promise = "apply() promises to move every service of a group that is half-way, or none";
    serves(promise, serves);
    answersOnly(promise, serves);
  }

  RouterTruth.Known truth() {
    RouterTruth truth = router.current();
    String promise = "current() promises to know what a proxy that runs is serving";
    Promise.kept(promise, truth instanceof RouterTruth.Known, () -> truth);
    return (RouterTruth.Known) truth;
  }

  /** Fails if somebody listens at the front doors. */
  void servesNobody(String promise) {
    for (String service : acknowledged.services()) {
      assertThatThrownBy(
              () -> {
                try (ProxyUnderTest.Client client = proxy.client(service, false)) {
                  client.request();
                }
              })
          .as(promise)
          .isInstanceOf(IOException.class);
    }
  }

  /** Waits for a promise to come true: the answer of a proxy may be a little late. */
  void eventually(String promise, Eventually.Condition condition, Supplier<?> seen) {
    Eventually.until(promise, LIMIT, condition, seen);
  }

  /** Fails unless all that serves, now or after a restart, serves one split. */
  void serves(String promise, TrafficSplit split) {
    RouterTruth.Known truth = truth();
    Promise.kept(
        promise + ": all is served by " + split, truth.wholly(split), () -> "current() = " + truth);
  }

  /** Asks each service on fresh and on kept connections: only its one colour may answer. */
  void answersOnly(String promise, TrafficSplit split) throws IOException {
    for (String service : split.services()) {
      for (boolean keepAlive : new boolean[] {true, false}) {
        try (ProxyUnderTest.Client client = proxy.client(service, keepAlive)) {
          for (int request = 0; request < REQUESTS / 2; request++) {
            assertThat(Optional.of(client.request())).as(promise).isEqualTo(split.sole(service));
          }
        }
      }
    }
  }

  /** Returns how many of these clients, each new to the proxy, were answered by green. */
  int greenOf(int clients, String service) throws IOException {
    int green = 0;
    for (int i = 0; i < clients; i++) {
      try (ProxyUnderTest.Client client = proxy.client(service, false)) {
        green += client.request() == Color.GREEN ? 1 : 0;
      }
    }
    return green;
  }

  MeterReadings meter() {
    return new MeterReadings(router, acknowledged.services());
  }

  /** Moves a service in the proxy as a person would; no router is told. */
  void moveByHand(String service, Color to) throws IOException {
    proxy.moveByHand(service, to);
    eventually(
        "the proxy under test promises that moveByHand() moves " + service + " to " + to,
        () -> answerOf(service).equals(to.toString()),
        () -> answerOf(service) + " answers");
  }

  private String answerOf(String service) {
    try (ProxyUnderTest.Client client = proxy.client(service, false)) {
      return client.request().toString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    try {
      router.close();
    } finally {
      proxy.close();
    }
  }
}
