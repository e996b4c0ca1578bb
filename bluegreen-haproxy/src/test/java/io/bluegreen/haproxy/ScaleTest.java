package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Service;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group may have a thousand services; the times are printed, and nobody is held to them. */
class ScaleTest {
  private static final int ROUNDS = 10;
  private static final Random RANDOM = new Random();

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 1_000})
  void aGroupOfSoManyServicesIsSwitchedReadAndCounted(int number) throws Exception {
    List<Service> services = new ArrayList<>();
    // A network of its own, so that another run of this test does not meet it.
    String network = "http://127." + RANDOM.nextInt(2, 255) + "." + RANDOM.nextInt(2, 255) + ".";
    for (int i = 0; i < number; i++) {
      services.add(
          Service.named("service-" + i)
              .blue(network + "1:" + (10_000 + i))
              .green(network + "2:" + (10_000 + i))
              .frontDoor(network + "3:" + (10_000 + i)));
    }
    // Without health checks: nothing listens behind it.
    try (Stage stage =
        new Stage(
            RenderOptions.defaults(),
            config -> config.replace("default-server check", "default-server no-check"),
            new Group("shop", services))) {
      HaproxyRouter router = stage.opened();
      TrafficMeter meter = router.meter().orElseThrow();
      TrafficSplit live = stage.all(Color.BLUE);
      long[] apply = new long[ROUNDS];
      long[] current = new long[ROUNDS];
      long[] read = new long[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        TrafficSplit next = stage.all(i % 2 == 0 ? Color.GREEN : Color.BLUE);
        long start = System.nanoTime();
        router.apply(stage.change(live, next));
        apply[i] = System.nanoTime() - start;
        live = next;
        start = System.nanoTime();
        Known truth = (Known) router.current();
        current[i] = System.nanoTime() - start;
        assertThat(truth.wholly(live)).isTrue();
        start = System.nanoTime();
        assertThat(meter.read().slots()).hasSize(2 * number);
        read[i] = System.nanoTime() - start;
      }
      System.out.printf(
          "%d services: apply %.2f ms, current %.2f ms, meter %.2f ms (median of %d)%n",
          number, median(apply), median(current), median(read), ROUNDS);
    }
  }

  private static double median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e6;
  }
}
