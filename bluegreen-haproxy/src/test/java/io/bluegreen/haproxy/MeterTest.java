package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Slot;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficMeter.Count;
import io.bluegreen.haproxy.DisturbedSwitches.Mode;
import io.bluegreen.testing.contract.ProxyUnderTest;
import io.bluegreen.testing.contract.ProxyUnderTest.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The meter counts answers: each once, none before it was given, and in the end all of them. */
class MeterTest {
  private static final int CLIENTS = 4;
  private static final int REQUESTS = 3_000;

  private static ProxyUnderTest proxy(Mode mode) {
    return mode == Mode.MAP ? new MapProxy(2) : new ServerProxy(2);
  }

  private static HaproxyRouter opened(ProxyUnderTest proxy) {
    HaproxyRouter router = (HaproxyRouter) proxy.router();
    router.open(new io.bluegreen.Router.Opening(proxy.group(), Optional.empty(), 0));
    return router;
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aRequestIsCountedWhenItIsAnsweredAndNotWhenItBegins(Mode mode) throws Exception {
    try (ProxyUnderTest proxy = proxy(mode);
        HaproxyRouter router = opened(proxy)) {
      TrafficMeter meter = router.meter().orElseThrow();
      Slot slot = proxy.group().slot("web", Color.BLUE);
      try (Held held = proxy.hold("web")) {
        assertThat(held).isNotNull();
        assertThat(router.inFlight(slot).isNone()).isFalse();
        assertThat(meter.read().slots().get(slot)).isEqualTo(Count.ZERO);
      }
      await().until(() -> meter.read().slots().get(slot).requests() == 1);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void underLoadNoAnswerIsCountedTwiceOrInAdvanceAndNoneIsMissed(Mode mode) throws Exception {
    try (ProxyUnderTest proxy = proxy(mode);
        HaproxyRouter router = opened(proxy)) {
      TrafficMeter meter = router.meter().orElseThrow();
      Slot slot = proxy.group().slot("web", Color.BLUE);
      int door = proxy.group().service("web").frontDoor().orElseThrow().getPort();
      AtomicLong begun = new AtomicLong();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        boolean keepAlive = i % 2 == 0;
        clients.add(new Thread(() -> ask(door, keepAlive, begun)));
      }
      clients.forEach(Thread::start);
      long former = 0;
      int readings = 0;
      while (clients.stream().anyMatch(Thread::isAlive)) {
        Count count = meter.read().slots().get(slot);
        assertThat(count.requests()).isBetween(former, begun.get());
        assertThat(count.serverErrors()).isZero();
        former = count.requests();
        readings++;
      }
      assertThat(readings).isGreaterThan(2);
      // The last answers are counted behind their last byte.
      await().until(() -> meter.read().slots().get(slot).requests() == (long) CLIENTS * REQUESTS);
      assertThat(meter.read().slots().get(slot.other())).isEqualTo(Count.ZERO);
    }
  }

  private static void ask(int door, boolean keepAlive, AtomicLong begun) {
    try (BrowserClient visitor = new BrowserClient(door, keepAlive)) {
      for (int i = 0; i < REQUESTS; i++) {
        begun.incrementAndGet();
        visitor.get();
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
