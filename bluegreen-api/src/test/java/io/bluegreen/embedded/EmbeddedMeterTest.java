package io.bluegreen.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.LatencyHistogram;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EmbeddedMeterTest {
  @Test
  void meterCountsBySlotAndKindAndShowsIdleSlotsAsZero() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) ->
                    TestApp.reply(out, Integer.parseInt(request.target().substring(1)), "x"));
        RawConnection wire = new RawConnection(shop.port)) {
      for (int status : new int[] {200, 200, 404, 500, 302, 429, 503}) {
        wire.get("/" + status);
      }
      await().until(() -> shop.count(Color.BLUE).requests() == 7);
      TrafficMeter.Count blue = shop.count(Color.BLUE);
      assertThat(blue.clientErrors()).isEqualTo(2);
      assertThat(blue.serverErrors()).isEqualTo(2);
      assertThat(blue.latencies().orElseThrow().mean()).isPositive();
      assertThat(shop.count(Color.GREEN)).isEqualTo(TrafficMeter.Count.ZERO);
    }
  }

  @Test
  void requestWithThePreviewHeaderIsNotCountedBecauseNoSplitSentIt() throws IOException {
    try (EmbeddedShop shop =
            new EmbeddedShop(EmbeddedRouter.create().preview("X-Preview", "127.0.0.1"));
        RawConnection wire = new RawConnection(shop.port)) {
      wire.get("/", "X-Preview: green");
      wire.get("/", "X-Preview: blue");
      wire.get("/", "X-Preview: purple");
      await().until(() -> shop.count(Color.BLUE).requests() == 1);
      assertThat(shop.green.requests.get()).isEqualTo(1);
      assertThat(shop.blue.requests.get()).isEqualTo(2);
      assertThat(shop.count(Color.GREEN)).isEqualTo(TrafficMeter.Count.ZERO);
    }
  }

  @Test
  void slotThatIsDownHasServerErrorsOfItsOwn() throws IOException {
    try (EmbeddedShop shop = new EmbeddedShop()) {
      shop.split(100);
      shop.green.close();
      assertThat(shop.get("/").status()).isEqualTo(503);
      await().until(() -> shop.count(Color.GREEN).serverErrors() == 1);
      assertThat(shop.count(Color.BLUE)).isEqualTo(TrafficMeter.Count.ZERO);
    }
  }

  @Test
  void requestThatWasCutCountsAsAClientError() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (EmbeddedShop shop =
            new EmbeddedShop(
                (request, out) -> {
                  never.await();
                  return false;
                });
        RawConnection wire = new RawConnection(shop.port)) {
      wire.send("GET", "/");
      await().until(() -> shop.blue.requests.get() == 1);
      shop.router.cut(shop.slot(Color.BLUE));
      await().until(() -> shop.count(Color.BLUE).clientErrors() == 1);
      never.countDown();
    }
  }

  @Test
  void everyAnswerIsInTheDistributionButAWebSocket() {
    EmbeddedMeter meter = new EmbeddedMeter(TimeSource.system());
    Slot slot = new Slot("shop", Service.named("web"), Color.BLUE);
    EmbeddedMeter.Counter counter = meter.add(slot);
    for (int ms = 1000; ms > 0; ms--) {
      meter.count(counter, 200, Duration.ofMillis(ms));
    }
    LatencyHistogram before = latencies(meter, slot);
    meter.count(counter, 500, Duration.ofSeconds(2));
    meter.count(counter, 101, Duration.ofDays(1));
    assertThat(before.count()).isEqualTo(1000);
    assertThat(before.mean()).isEqualTo(Duration.ofNanos(500_500_000));
    assertThat(meter.read().slots().get(slot).requests()).isEqualTo(1002);
    LatencyHistogram added = latencies(meter, slot).since(before);
    assertThat(added.count()).isEqualTo(1);
    assertThat(added.mean()).isEqualTo(Duration.ofSeconds(2));
  }

  private static LatencyHistogram latencies(EmbeddedMeter meter, Slot slot) {
    return meter.read().slots().get(slot).latencies().orElseThrow();
  }
}
