package io.bluegreen.embedded;

import io.bluegreen.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Time that passes only when it is told to. */
final class StoppedTime implements TimeSource {
  private final AtomicReference<Duration> elapsed = new AtomicReference<>(Duration.ZERO);
  private final TimeSource real = TimeSource.system();

  void pass(Duration duration) {
    elapsed.updateAndGet(before -> before.plus(duration));
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plus(elapsed());
  }

  @Override
  public Duration elapsed() {
    return elapsed.get();
  }

  @Override
  public void sleep(Duration duration) {
    pass(duration);
  }

  @Override
  public <T> T within(Duration limit, Callable<T> work) throws Exception {
    return work.call();
  }

  @Override
  public <T> T await(Duration limit, Future<T> result) throws Exception {
    return result.get();
  }

  @Override
  public Executor executor() {
    return real.executor();
  }
}
