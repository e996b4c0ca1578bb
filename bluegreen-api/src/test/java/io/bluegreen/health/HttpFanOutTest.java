package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many endpoints are probed in hardly more than the slowest of them takes. */
@Tag("long")
@Timeout(300)
class HttpFanOutTest {
  private static final int INSTANCES = 5_000;
  private static final int PORTS = 10;
  private static final Duration SLOWEST = Duration.ofSeconds(1);

  private final AtomicInteger requests = new AtomicInteger();
  private final HttpHealthCheck prompt = HttpHealthCheck.get("/health");
  private final HttpHealthCheck slow = HttpHealthCheck.get("/slow");
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Undertow server;
  private List<Instance> instances;

  @BeforeEach
  void start() {
    Undertow.Builder builder =
        Undertow.builder()
            .setIoThreads(2)
            .setWorkerThreads(1)
            .setServerOption(UndertowOptions.ENABLE_STATISTICS, false)
            .setHandler(this::answer);
    for (int i = 0; i < PORTS; i++) {
      builder.addHttpListener(0, "127.0.0.1");
    }
    server = builder.build();
    server.start();
    instances = new ArrayList<>();
    for (int i = 0; i < INSTANCES; i++) {
      InetSocketAddress address =
          (InetSocketAddress) server.getListenerInfo().get(i % PORTS).getAddress();
      URI endpoint = URI.create("http://127.0.0.1:" + address.getPort());
      instances.add(new Instance("web", Color.GREEN, i, Optional.of(endpoint)));
    }
  }

  @AfterEach
  void stop() {
    prompt.close();
    slow.close();
    server.stop();
    timer.shutdownNow();
  }

  @Test
  void fiveThousandEndpointsAreProbedInHardlyMoreTimeThanTheSlowestTakes() {
    List<Duration> prompts = new ArrayList<>();
    List<Duration> slows = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      prompts.add(probeAll(prompt));
      slows.add(probeAll(slow));
    }
    // Other work of the machine, and the warming up of the first round, can only make a round
    // longer.
    Duration baseline = Collections.min(prompts);
    Duration took = Collections.min(slows);

    assertThat(took).isLessThan(SLOWEST.plus(baseline).multipliedBy(4));
    // So long would 200 threads take, each with one probe at a time.
    assertThat(took).isLessThan(SLOWEST.multipliedBy(INSTANCES / 200));
    assertThat(requests).hasValue(6 * INSTANCES);
  }

  private void answer(HttpServerExchange exchange) {
    requests.incrementAndGet();
    if (exchange.getRequestPath().equals("/slow")) {
      exchange.dispatch(
          Runnable::run,
          () -> timer.schedule(exchange::endExchange, SLOWEST.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  private Duration probeAll(HttpHealthCheck check) {
    long begun = System.nanoTime();
    List<CompletableFuture<Health>> probes = instances.stream().map(check::probe).toList();
    assertThat(probes).extracting(probe -> probe.join().up()).doesNotContain(false);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return took;
  }
}
