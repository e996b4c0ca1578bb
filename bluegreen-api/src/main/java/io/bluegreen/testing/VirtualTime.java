package io.bluegreen.testing;

import io.bluegreen.BlueGreenException;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Durations;
import io.bluegreen.testing.WorkLimits.Limit;
import io.bluegreen.testing.WorkLimits.Unwound;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Time that passes only when somebody waits for it: thirty minutes take no time, and a run replays
 * exactly. Work of its {@link #executor} runs on the caller's thread. A person's actions meanwhile
 * are scheduled by {@link #at}, or done between two waits.
 *
 * <p>A deployment that {@code BlueGreenManager.submit} starts has a thread of its own, but never
 * runs at the same time as the thread that submitted it: it goes on while that thread waits, in
 * {@link #pass}, in {@link #sleep}, or for the deployment's result, and stands still otherwise. So
 * a test sees the same each time. A test that asks again and again without waiting sees no change.
 *
 * <p>Safe for use by several threads, such as those of a host that deploys on threads of its own.
 * Time goes on to the earliest moment that one of them waits for, but only when each of the others
 * waits for time, too, has ended, or has waited for something else for some milliseconds. A thread
 * that works for longer than ten seconds is not waited for.
 *
 * <p>Work that waits beyond its limit of {@link #within} is ended at its deadline by an {@link
 * Error} that its {@code catch (Exception)} does not see, as a thread would be abandoned. Work that
 * swallows even that has timed out all the same.
 */
public final class VirtualTime implements TimeSource {
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final Instant start;
  private final Schedule schedule = new Schedule();
  private final WorkLimits limits = new WorkLimits();
  private final SleepTurns turns = new SleepTurns();
  private volatile Duration elapsed = Duration.ZERO;
  private volatile Duration jumped = Duration.ZERO;

  /** Starts at midnight of 2030-01-01, UTC. */
  public VirtualTime() {
    this(Instant.parse("2030-01-01T00:00:00Z"));
  }

  /** Starts at a moment of your choice. */
  public VirtualTime(Instant start) {
    Objects.requireNonNull(start, "start");
    this.start = start;
  }

  /**
   * Schedules an action for the moment when {@link #elapsed} is this. If that moment is over, it
   * happens in the next wait.
   */
  public void at(Duration elapsed, Runnable action) {
    Objects.requireNonNull(elapsed, "elapsed");
    Objects.requireNonNull(action, "action");
    synchronized (turns) {
      schedule.add(elapsed, action);
    }
  }

  /** Schedules an action for the moment when this much more time has passed. */
  public void after(Duration delay, Runnable action) {
    Objects.requireNonNull(delay, "delay");
    Objects.requireNonNull(action, "action");
    at(elapsed.plus(delay), action);
  }

  /** Lets time pass from outside: scheduled actions happen, and work that waits goes on. */
  public void pass(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    advance(elapsed.plus(duration), () -> false);
  }

  /** Moves only the wall clock, as an administrator or NTP does; the duration may be negative. */
  public void jump(Duration by) {
    Objects.requireNonNull(by, "by");
    synchronized (turns) {
      jumped = jumped.plus(by);
    }
  }

  /**
   * Waits for ever, which is until the deadline of the caller that gave this work a limit. For
   * fakes that hang.
   *
   * @throws IllegalStateException if nobody gave a limit: with real threads this would never end
   */
  public void hang() {
    if (limits.isEmpty()) {
      throw new IllegalStateException(
          "something hangs, and nobody gave it a deadline on this VirtualTime: the caller would"
              + " wait for ever (or the fake was not given the manager's VirtualTime)");
    }
    advance(elapsed.plus(FOR_EVER), () -> false);
    throw new IllegalStateException("a deadline of more than " + FOR_EVER + " is none");
  }

  @Override
  public Instant now() {
    return start.plus(elapsed).plus(jumped);
  }

  /** Returns the time since this object was made. */
  @Override
  public Duration elapsed() {
    return elapsed;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Objects.requireNonNull(duration, "duration");
    limits.checkInterrupt();
    Duration end = elapsed.plus(duration);
    advance(end, () -> Thread.currentThread().isInterrupted());
    if (isBefore(elapsed, end)) {
      limits.checkInterrupt();
    }
  }

  @Override
  public <T> T within(Duration limit, Callable<T> work) throws Exception {
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(work, "work");
    limits.checkInterrupt();
    Limit mine = limits.begin(elapsed.plus(limit));
    try {
      T value = work.call();
      if (mine.isOver()) {
        throw timeout(limit);
      }
      return value;
    } catch (Unwound unwound) {
      if (!unwound.leaves(mine)) {
        throw unwound;
      }
      if (unwound.isInterrupted()) {
        throw new InterruptedException();
      }
      throw timeout(limit);
    } catch (Crash crash) {
      throw crash;
    } catch (Error error) {
      throw new ExecutionException(error); // as real time, where it happened on another thread
    } finally {
      limits.end(mine);
    }
  }

  @Override
  public <T> T await(Duration limit, Future<T> result) throws Exception {
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(result, "result");
    limits.checkInterrupt();
    Duration end = elapsed.plus(limit);
    try {
      advance(end, () -> result.isDone() || Thread.currentThread().isInterrupted());
      if (!result.isDone()) {
        limits.checkInterrupt();
        throw timeout(limit);
      }
      return result.get(0, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw cause(e);
    } catch (CancellationException e) {
      throw new TimeoutException("cancelled");
    } finally {
      result.cancel(true);
    }
  }

  /** Returns an executor that runs work on the caller's thread, to its end. */
  @Override
  public Executor executor() {
    return turns::work;
  }

  /**
   * Starts work on a thread of its own, and returns when that thread waits for the first time, or
   * has ended. It goes on while somebody waits.
   */
  @Override
  public void start(Runnable work) {
    Objects.requireNonNull(work, "work");
    turns.start(work);
    advance(elapsed, () -> false);
  }

  /** Returns a future that lets time pass, from one event to the next, while somebody waits. */
  @Override
  public <T> CompletableFuture<T> future() {
    return new VirtualFuture<>(this);
  }

  /** Returns the time since the start, as a text for people. */
  @Override
  public String toString() {
    return "virtual time " + elapsed;
  }

  /** Lets a fake take some time. In real time, an interruption by its caller ends that. */
  static void pause(TimeSource time, Duration duration) {
    try {
      if (!duration.isZero()) {
        time.sleep(duration);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BlueGreenException("interrupted while it waited", e);
    }
  }

  /** Lets a fake hang. In real time, an interruption by its caller ends that. */
  static void hang(TimeSource time) {
    if (time instanceof VirtualTime virtual) {
      virtual.hang();
    }
    pause(time, FOR_EVER);
  }

  /**
   * Lets time pass until the condition holds or the moment has come. If the moment is {@link
   * #NEVER}, time passes only from one event to the next.
   */
  void advance(Duration target, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      Optional<Limit> limit = limits.earliest();
      Duration stop = limit.map(Limit::end).filter(end -> isBefore(end, target)).orElse(target);
      Optional<Schedule.Event> next;
      synchronized (turns) {
        if (!turns.await(stop, enough)) {
          return;
        }
        next = schedule.take(stop);
        if (next.isEmpty() && stop.equals(NEVER)) {
          turns.pause();
          continue;
        }
        reach(next.map(Schedule.Event::at).orElse(stop));
      }
      if (next.isPresent()) {
        limits.outside(next.get().action());
      } else if (limit.isPresent()
          && (isBefore(stop, target) || isBefore(limit.get().end(), elapsed))) {
        throw limit.get().reached();
      } else {
        return;
      }
    }
  }

  private static boolean isBefore(Duration one, Duration other) {
    return one.compareTo(other) < 0;
  }

  private void reach(Duration moment) {
    if (isBefore(elapsed, moment)) {
      elapsed = moment;
    }
  }

  private Exception cause(ExecutionException e) {
    if (e.getCause() instanceof Crash crash) {
      throw crash;
    }
    if (e.getCause() instanceof Unwound unwound) {
      if (limits.includes(unwound)) {
        throw unwound;
      }
      return timeout(Duration.ZERO);
    }
    return e.getCause() instanceof Exception cause ? cause : e;
  }

  private static TimeoutException timeout(Duration limit) {
    return new TimeoutException("no answer within " + Durations.describe(limit));
  }
}
