package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.Router;
import io.bluegreen.RouterTruth.Known;
import io.bluegreen.Service;
import io.bluegreen.Switch;
import io.bluegreen.TrafficMeter;
import io.bluegreen.TrafficSplit;
import io.bluegreen.haproxy.DisturbedSwitches.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A group may have a thousand services; the times are printed, and nobody is held to them. */
@Tag("long")
class ScaleTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final Random RANDOM = new Random();

  @ParameterizedTest(name = "{0}, {1} services")
  @CsvSource({
    "MAP, 1", "MAP, 10", "MAP, 100", "MAP, 1000",
    "SERVER, 1", "SERVER, 10", "SERVER, 100", "SERVER, 1000"
  })
  void aGroupOfSoManyServicesIsSwitchedReadAndCounted(Mode mode, int number) {
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
    Group group = new Group("shop", services);
    try (RealHaproxy haproxy = new RealHaproxy();
        HaproxyRouter router = router(mode, haproxy)) {
      RenderedHaproxy rendered = router.renderConfig(group);
      // Without health checks: nothing listens behind it.
      haproxy.config(
          rendered.haproxyCfg().replace("default-server check", "default-server no-check"));
      haproxy.write("shop.map", rendered.map());
      haproxy.start();
      router.open(new Router.Opening(group, Optional.empty(), 0));
      TrafficMeter meter = router.meter().orElseThrow();
      TrafficSplit live = TrafficSplit.all(group, Color.BLUE);
      long[] apply = new long[ROUNDS];
      long[] current = new long[ROUNDS];
      long[] read = new long[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        TrafficSplit next = TrafficSplit.all(group, i % 2 == 0 ? Color.GREEN : Color.BLUE);
        long start = System.nanoTime();
        router.apply(new Switch(live, next, i + 1, "d", 1, RealHaproxy.LONG));
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
          "%s mode, %d services: apply %.2f ms, current %.2f ms, meter %.2f ms (median of %d)%n",
          mode, number, median(apply), median(current), median(read), ROUNDS);
    }
  }

  private static HaproxyRouter router(Mode mode, RealHaproxy haproxy) {
    HaproxyRouter builder =
        mode == Mode.MAP
            ? HaproxyRouter.map(haproxy.dir.resolve("shop.map"), haproxy.api())
            : HaproxyRouter.server(haproxy.dir.resolve("shop.state"), haproxy.api())
                .configuration(haproxy.dir.resolve("haproxy.cfg"));
    return builder.master(haproxy.master());
  }

  private static double median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e6;
  }
}
