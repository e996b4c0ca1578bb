package io.bluegreen;

import io.bluegreen.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Real time. Its threads are daemons, so that work which never returns can't keep a JVM alive. */
final class SystemTime implements TimeSource {
  private final AtomicInteger started = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "bluegreen-" + started.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime());
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  @Override
  public <T> T within(Duration limit, Callable<T> work) throws Exception {
    return await(limit, threads.submit(work));
  }

  @Override
  public <T> T await(Duration limit, Future<T> result) throws Exception {
    try {
      return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new TimeoutException("no answer within " + Durations.describe(limit));
    } catch (CancellationException e) {
      throw new TimeoutException("cancelled");
    } finally {
      result.cancel(true);
    }
  }

  @Override
  public Executor executor() {
    return threads;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
