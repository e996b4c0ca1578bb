package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficSplit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class EmbeddedLoadTest {
  private static final int SWITCHES = 50;
  private static final Duration POLL = Duration.ofMillis(2);
  private static final int KEEP_ALIVE_CLIENTS = 6;
  private static final int CONNECTION_PER_REQUEST_CLIENTS = 3;

  /** The only colour that serves, and since which switch; null during a switch. */
  private record Sole(Color color, int since) {}

  private volatile Sole sole = new Sole(Color.BLUE, 0);
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final Queue<String> stale = new ConcurrentLinkedQueue<>();

  @Test
  void noRequestFailsOrIsStaleOverManySwitchesAndEachDrainsToNothing() throws Exception {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      List<Thread> clients = startClients(shop.port);
      for (int i = 1; i <= SWITCHES; i++) {
        int before = answered.get();
        eventually(() -> answered.get() > before + 50 || !failed.isEmpty());
        Color to = i % 2 == 0 ? Color.BLUE : Color.GREEN;
        sole = null;
        shop.split(to == Color.GREEN ? 100 : 0);
        sole = new Sole(to, i);
        // The colour is proven to be drained: from now on no request may reach it, not even late.
        eventually(() -> shop.inFlight(to.other()).isNone());
        TestApp drained = to == Color.GREEN ? shop.blue : shop.green;
        int seen = drained.requests.get();
        int later = answered.get();
        eventually(() -> answered.get() > later + 50 || !failed.isEmpty());
        assertThat(drained.requests).hasValue(seen);
      }
      stop.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertThat(failed).isEmpty();
      assertThat(stale).isEmpty();
      assertThat(answered).hasValueGreaterThan(SWITCHES * 100);
      eventually(
          () ->
              shop.count(Color.BLUE).requests() + shop.count(Color.GREEN).requests()
                  == answered.get());
    }
  }

  @Test
  void twoServicesMoveAtOneInstant() throws Exception {
    try (TestApp blue = TestApp.saying("blue");
        TestApp green = TestApp.saying("green");
        TestApp apiBlue = TestApp.saying("blue");
        TestApp apiGreen = TestApp.saying("green");
        EmbeddedRouter router = EmbeddedRouter.create()) {
      int webPort = EmbeddedShop.freePort();
      int apiPort = EmbeddedShop.freePort();
      Service api =
          Service.named("api")
              .blue(apiBlue.url())
              .green(apiGreen.url())
              .frontDoor("http://127.0.0.1:" + apiPort);
      Group group =
          new Group("shop", List.of(EmbeddedShop.web(blue.url(), green.url(), webPort), api));
      EmbeddedShop.serve(router, new Router.Opening(group, Optional.empty(), 0));
      Thread switching = start(() -> switchToAndFro(router));
      try (RawConnection web = new RawConnection(webPort);
          RawConnection toApi = new RawConnection(apiPort)) {
        int compared = 0;
        for (int i = 0; switching.isAlive(); i++) {
          long before = generation(router);
          String first = web.get("/").body();
          String second = toApi.get("/").body();
          if (generation(router) == before) {
            assertThat(second).as("round " + i).isEqualTo(first);
            compared++;
          }
        }
        assertThat(compared).isPositive();
      }
      switching.join();
      assertThat(failed).isEmpty();
    }
  }

  private static void eventually(Callable<Boolean> condition) {
    Awaitility.await().pollDelay(Duration.ZERO).pollInterval(POLL).until(condition);
  }

  private void switchToAndFro(EmbeddedRouter router) {
    TrafficSplit blue = new TrafficSplit(Map.of("web", 0, "api", 0));
    TrafficSplit green = new TrafficSplit(Map.of("web", 100, "api", 100));
    for (int i = 1; i <= 500; i++) {
      boolean even = i % 2 == 0;
      router.apply(
          new Switch(even ? green : blue, even ? blue : green, i, "d1", 1, Duration.ofSeconds(5)));
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  private static long generation(EmbeddedRouter router) {
    return ((io.bluegreen.RouterTruth.Known) router.current()).generation();
  }

  private List<Thread> startClients(int port) {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < KEEP_ALIVE_CLIENTS; i++) {
      clients.add(
          start(
              () -> {
                try (RawConnection wire = new RawConnection(port)) {
                  while (!stop.get()) {
                    ask(wire);
                  }
                }
              }));
    }
    for (int i = 0; i < CONNECTION_PER_REQUEST_CLIENTS; i++) {
      clients.add(
          start(
              () -> {
                while (!stop.get()) {
                  try (RawConnection wire = new RawConnection(port)) {
                    ask(wire);
                  }
                }
              }));
    }
    return clients;
  }

  /** A request is stale if one colour was the only one from before its start to after its end. */
  private void ask(RawConnection wire) throws IOException {
    Sole before = sole;
    RawConnection.Reply reply = wire.get("/");
    Sole after = sole;
    if (reply.status() != 200) {
      failed.add("status " + reply.status());
    } else if (before != null
        && before.equals(after)
        && !reply.body().equals(before.color().label())) {
      stale.add(before + " but was answered by " + reply.body());
    }
    answered.incrementAndGet();
  }

  private interface Work {
    void run() throws Exception;
  }

  private Thread start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception | AssertionError e) {
                failed.add(e.toString());
              }
            },
            "client");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
