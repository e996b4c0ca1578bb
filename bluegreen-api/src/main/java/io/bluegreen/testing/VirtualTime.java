package io.bluegreen.testing;

import io.bluegreen.BlueGreenException;
import io.bluegreen.TimeSource;
import io.bluegreen.support.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only when somebody waits for it: thirty minutes take no time, and a run replays
 * exactly. What is handed to its {@link #executor} runs on the caller's thread, so that {@code
 * BlueGreenManager.submit} has ended when it returns: what a person does meanwhile is scheduled
 * before, by {@link #at}.
 *
 * <p>Safe for use by several threads, such as those of a host that deploys on threads of its own.
 * Where one thread sleeps, a run replays exactly. Where several do, time goes on to the earliest
 * moment that one of them waits for, and not before the others sleep, too, have ended, or wait for
 * something else; one that works for longer than a second is not waited for.
 *
 * <p>Work that waits beyond the limit it was given by {@link #within} is left at its deadline by an
 * {@link Error} that its {@code catch (Exception)} does not see, as a thread would be abandoned;
 * work that swallows even that has still timed out.
 */
public final class VirtualTime implements TimeSource {
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final Instant start;
  private final PriorityQueue<Event> events = new PriorityQueue<>(Event.ORDER);
  private final ThreadLocal<Deque<Limit>> limits = ThreadLocal.withInitial(ArrayDeque::new);
  private final SleepTurns turns = new SleepTurns();
  private volatile Duration elapsed = Duration.ZERO;
  private volatile Duration jumped = Duration.ZERO;
  private long scheduled;

  /** Starts at midnight of 2030-01-01, UTC. */
  public VirtualTime() {
    this(Instant.parse("2030-01-01T00:00:00Z"));
  }

  /** Starts at a moment of your choice. */
  public VirtualTime(Instant start) {
    Objects.requireNonNull(start, "start");
    this.start = start;
  }

  /** Schedules what happens when {@link #elapsed} is this; at once in the next wait if it was. */
  public void at(Duration elapsed, Runnable action) {
    Objects.requireNonNull(elapsed, "elapsed");
    Objects.requireNonNull(action, "action");
    synchronized (turns) {
      events.add(new Event(elapsed, scheduled++, action));
    }
  }

  /** Schedules what happens when this much more time has passed. */
  public void after(Duration delay, Runnable action) {
    Objects.requireNonNull(delay, "delay");
    Objects.requireNonNull(action, "action");
    at(elapsed.plus(delay), action);
  }

  /** Lets time pass from outside, so that what was scheduled happens. */
  public void pass(Duration duration) {
    Objects.requireNonNull(duration, "duration");
    advance(elapsed.plus(duration), () -> false);
  }

  /** Moves the wall clock, and only that, as an administrator or NTP does; may be negative. */
  public void jump(Duration by) {
    Objects.requireNonNull(by, "by");
    synchronized (turns) {
      jumped = jumped.plus(by);
    }
  }

  /**
   * Waits for ever: until the deadline of the caller that gave this work a limit. For fakes that
   * hang.
   *
   * @throws IllegalStateException if nobody gave a limit: with real threads this would never end
   */
  public void hang() {
    if (limits().isEmpty()) {
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
    checkInterrupt();
    Duration end = elapsed.plus(duration);
    advance(end, () -> Thread.currentThread().isInterrupted());
    if (elapsed.compareTo(end) < 0) {
      checkInterrupt();
    }
  }

  @Override
  public <T> T within(Duration limit, Callable<T> work) throws Exception {
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(work, "work");
    checkInterrupt();
    Limit mine = new Limit(elapsed.plus(limit));
    limits().push(mine);
    try {
      T value = work.call();
      if (mine.over) {
        throw timeout(limit);
      }
      return value;
    } catch (Unwound unwound) {
      if (unwound.to != mine) {
        throw unwound;
      }
      if (unwound.interrupted) {
        throw new InterruptedException();
      }
      throw timeout(limit);
    } catch (Crash crash) {
      throw crash;
    } catch (Error error) {
      throw new ExecutionException(error); // as real time, where it happened on another thread
    } finally {
      limits().remove(mine);
    }
  }

  @Override
  public <T> T await(Duration limit, Future<T> result) throws Exception {
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(result, "result");
    checkInterrupt();
    Duration end = elapsed.plus(limit);
    try {
      advance(end, () -> result.isDone() || Thread.currentThread().isInterrupted());
      if (!result.isDone()) {
        checkInterrupt();
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

  /** Returns what runs work on the caller's thread, to its end. */
  @Override
  public Executor executor() {
    return turns::work;
  }

  /** Returns how long it is since the start, for a person. */
  @Override
  public String toString() {
    return "virtual time " + elapsed;
  }

  /** Lets a fake take its time; with real time too, where its caller interrupts it. */
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

  /** Lets a fake hang; with real time too, where its caller interrupts it. */
  static void hang(TimeSource time) {
    if (time instanceof VirtualTime virtual) {
      virtual.hang();
    }
    pause(time, FOR_EVER);
  }

  private Deque<Limit> limits() {
    return limits.get();
  }

  private void advance(Duration target, BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      Limit limit = earliest();
      Duration stop = limit != null && limit.end.compareTo(target) < 0 ? limit.end : target;
      Event next;
      synchronized (turns) {
        if (!turns.await(stop, enough)) {
          return;
        }
        next = events.peek();
        if (next != null && next.at.compareTo(stop) <= 0) {
          events.remove();
          reach(next.at);
        } else {
          next = null;
          reach(stop);
        }
      }
      if (next != null) {
        happen(next);
      } else {
        if (limit != null && (stop.compareTo(target) < 0 || elapsed.compareTo(limit.end) > 0)) {
          limit.over = true;
          throw new Unwound(limit, false);
        }
        return;
      }
    }
  }

  /** Other people's deadlines are not those of the caller that waits while this happens. */
  private void happen(Event event) {
    Deque<Limit> waiting = limits();
    limits.set(new ArrayDeque<>());
    try {
      event.action.run();
    } finally {
      limits.set(waiting);
    }
  }

  private void reach(Duration moment) {
    if (moment.compareTo(elapsed) > 0) {
      elapsed = moment;
    }
  }

  private @Nullable Limit earliest() {
    return limits().stream().min(Comparator.comparing(limit -> limit.end)).orElse(null);
  }

  /** With real threads the one outside all limits is interrupted, and leaves its work alone. */
  private void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      if (limits().isEmpty()) {
        throw new InterruptedException();
      }
      throw new Unwound(limits().getLast(), true);
    }
  }

  private Exception cause(ExecutionException e) {
    if (e.getCause() instanceof Crash crash) {
      throw crash;
    }
    if (e.getCause() instanceof Unwound unwound) {
      if (limits().contains(unwound.to)) {
        throw unwound;
      }
      return timeout(Duration.ZERO);
    }
    return e.getCause() instanceof Exception cause ? cause : e;
  }

  private static TimeoutException timeout(Duration limit) {
    return new TimeoutException("no answer within " + Durations.describe(limit));
  }

  private static final class Limit {
    private final Duration end;
    private boolean over;

    Limit(Duration end) {
      this.end = end;
    }
  }

  private record Event(Duration at, long order, Runnable action) {
    static final Comparator<Event> ORDER =
        Comparator.comparing(Event::at).thenComparing(Event::order);
  }

  /** Leaves work whose limit is over. Not an exception, so that the work does not catch it. */
  private static final class Unwound extends Error {
    private static final long serialVersionUID = 1L;
    private final transient Limit to;
    private final boolean interrupted;

    Unwound(Limit to, boolean interrupted) {
      super("left by VirtualTime", null, false, false);
      this.to = to;
      this.interrupted = interrupted;
    }
  }
}
