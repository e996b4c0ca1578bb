package io.bluegreen.examples.demo;

import io.bluegreen.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/** Time that passes when a test says so, for code that only asks the time. */
final class HandTime implements TimeSource {
  private Duration elapsed = Duration.ofSeconds(-5); // As System.nanoTime may.

  void pass() {
    elapsed = elapsed.plusMillis(1);
  }

  @Override
  public Duration elapsed() {
    return elapsed;
  }

  @Override
  public Instant now() {
    return Instant.EPOCH.plus(elapsed);
  }

  @Override
  public void sleep(Duration duration) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T within(Duration limit, Callable<T> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T await(Duration limit, Future<T> result) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Executor executor() {
    throw new UnsupportedOperationException();
  }
}
