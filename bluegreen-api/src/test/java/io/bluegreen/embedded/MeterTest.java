package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MeterTest {
  @Test
  void countsBySlotAndKindAndShowsIdleSlotsAsZero() throws IOException {
    try (Shop shop =
            new Shop(
                (request, out) ->
                    TestApp.reply(out, Integer.parseInt(request.target().substring(1)), "x"));
        Wire wire = new Wire(shop.port)) {
      for (int status : new int[] {200, 200, 404, 500, 302, 429, 503}) {
        wire.get("/" + status);
      }
      await().until(() -> shop.count(Color.BLUE).requests() == 7);
      TrafficMeter.Count blue = shop.count(Color.BLUE);
      assertThat(blue.clientErrors()).isEqualTo(2);
      assertThat(blue.serverErrors()).isEqualTo(2);
      assertThat(blue.latency().orElseThrow().p99().orElseThrow()).isPositive();
      assertThat(shop.count(Color.GREEN)).isEqualTo(TrafficMeter.Count.ZERO);
    }
  }

  @Test
  void aSlotThatIsDownHasServerErrorsOfItsOwn() throws IOException {
    try (Shop shop = new Shop()) {
      shop.split(100);
      shop.green.close();
      assertThat(shop.get("/").status()).isEqualTo(503);
      await().until(() -> shop.count(Color.GREEN).serverErrors() == 1);
      assertThat(shop.count(Color.BLUE)).isEqualTo(TrafficMeter.Count.ZERO);
    }
  }

  @Test
  void whoWasLeftWaitingCountsAsAClientError() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Shop shop =
            new Shop(
                (request, out) -> {
                  never.await();
                  return false;
                });
        Wire wire = new Wire(shop.port)) {
      wire.send("GET", "/");
      await().until(() -> shop.blue.requests.get() == 1);
      shop.router.cut(shop.slot(Color.BLUE));
      await().until(() -> shop.count(Color.BLUE).clientErrors() == 1);
      never.countDown();
    }
  }

  @Test
  void latenciesAreThoseOfTheLastAnswers() {
    Meter meter = new Meter(TimeSource.system());
    Slot slot = new Slot("shop", Service.named("web"), Color.BLUE);
    Meter.Counter counter = meter.add(slot);
    for (int i = 0; i < 5000; i++) {
      meter.count(counter, 200, Duration.ofHours(1));
    }
    for (int ms = Meter.RECENT; ms > 0; ms--) {
      meter.count(counter, 200, Duration.ofMillis(ms));
    }
    meter.count(counter, 101, Duration.ofDays(1));
    TrafficMeter.Count count = meter.read().slots().get(slot);
    assertThat(count.requests()).isEqualTo(5000 + Meter.RECENT + 1);
    TrafficMeter.Latency latency = count.latency().orElseThrow();
    assertThat(latency.mean()).isEqualTo(Duration.ofNanos(512_500_000));
    assertThat(latency.p50()).contains(Duration.ofMillis(512));
    assertThat(latency.p95()).contains(Duration.ofMillis(973));
    assertThat(latency.p99()).contains(Duration.ofMillis(1014));
  }

  @Test
  void oneAnswerIsEveryQuantile() {
    Meter meter = new Meter(TimeSource.system());
    Slot slot = new Slot("shop", Service.named("web"), Color.BLUE);
    meter.count(meter.add(slot), 200, Duration.ofMillis(3));
    TrafficMeter.Latency latency = meter.read().slots().get(slot).latency().orElseThrow();
    assertThat(latency.p50()).isEqualTo(latency.p99()).contains(Duration.ofMillis(3));
  }
}
