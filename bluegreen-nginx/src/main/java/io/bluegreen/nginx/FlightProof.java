package io.bluegreen.nginx;

import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Text;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Proves that nginx counts the requests that a service's own server passes on. It sends that
 * server, at nginx's private door, a request whose body never comes: nginx counts it, waits, and
 * passes nothing on. Its key has a random number, so that no request of a user can be taken for it.
 */
final class FlightProof {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(2);
  private static final Duration SETTLING = Duration.ofMillis(1_200);

  private final NginxSettings settings;
  private final FlightConfig config;
  private final TimeSource time;

  FlightProof(NginxSettings settings, FlightConfig config, TimeSource time) {
    this.settings = settings;
    this.config = config;
    this.time = time;
  }

  /**
   * Returns the workers that accept requests. All are of one generation, so that all of them count
   * if one does.
   *
   * @throws IOException if workers of several generations still accept after a while
   */
  Set<NginxWorkers.Worker> accepting(NginxWorkers workers) throws IOException {
    Duration end = time.elapsed().plus(SETTLING);
    while (true) {
      List<NginxWorkers.Worker> all =
          workers.list().stream().filter(NginxWorkers.Worker::accepts).toList();
      boolean own = all.stream().allMatch(worker -> workers.isOwn(worker.pid()));
      if (own && !all.isEmpty() && isOneGeneration(all)) {
        return Set.copyOf(all);
      }
      if (time.elapsed().compareTo(end) >= 0) {
        throw new IOException(
            own
                ? "its workers come and go"
                : "its binary is being upgraded, and each of two masters counts by itself");
      }
      pause(Duration.ofMillis(20));
    }
  }

  /**
   * While nginx reloads, workers of two generations accept requests: nginx tells the older ones to
   * quit 100 ms after it has started the newer ones.
   */
  private static boolean isOneGeneration(List<NginxWorkers.Worker> accepting) {
    LongSummaryStatistics started =
        accepting.stream().mapToLong(NginxWorkers.Worker::startedTicks).summaryStatistics();
    return started.getMax() - started.getMin() < 9
        || NginxWorkers.nowTicks() - started.getMax() >= 100;
  }

  /**
   * Returns why requests to a service are not counted; empty if they are.
   *
   * @throws IOException if nginx does not answer
   */
  Optional<String> fault(Service service, Set<NginxWorkers.Worker> accepting, FlightPages pages)
      throws IOException {
    String number = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    List<String> keys =
        accepting.stream().map(worker -> FlightConfig.key(number, worker.pid())).toList();
    if (pages.busy(keys).contains(true)) {
      return Optional.of("the private page tells requests where none is");
    }
    try (StatusConnection probe = StatusConnection.open(settings.door(), LIMIT, time)) {
      probe.begin(
          "GET %s?%s=%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 1\r\n\r\n"
              .formatted(
                  FlightConfig.PROBE, FlightConfig.NUMBER, number, config.names().host(service)));
      Duration end = time.elapsed().plus(LIMIT);
      while (!pages.busy(keys).contains(true)) {
        Optional<String> answer = probe.begun();
        if (answer.isPresent()) {
          return Optional.of(
              "a request to the server of "
                  + service
                  + " was answered before it was counted ("
                  + Text.clean(answer.get(), 60)
                  + ")");
        }
        if (time.elapsed().compareTo(end) >= 0) {
          return Optional.of("requests to the server of " + service + " are not counted");
        }
        pause(POLL);
      }
    }
    return Optional.empty();
  }

  /** Returns the ids of workers; no other process ever has the same id. */
  static Set<String> ids(Set<NginxWorkers.Worker> workers) {
    return workers.stream().map(NginxWorkers.Worker::id).collect(Collectors.toSet());
  }

  private void pause(Duration pause) throws InterruptedIOException {
    try {
      time.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
