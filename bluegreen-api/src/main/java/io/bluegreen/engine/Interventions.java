package io.bluegreen.engine;

import io.bluegreen.DeploymentEvent;
import io.bluegreen.LeaseLostException;
import io.bluegreen.Signal;
import io.bluegreen.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What people ask of a running deployment: by interruption or close() in this process, by signals
 * through the store from any process.
 */
final class Interventions {
  private static final Logger log = LoggerFactory.getLogger(Interventions.class);

  /** How often the store is asked, while there is time. */
  static final Duration ASKED_EVERY = Duration.ofSeconds(1);

  private final ManagerSetup setup;
  private final String id;
  private final EventReporter events;

  /** What was asked in this process: to abort, or to end because the manager closes. */
  private final AtomicReference<@Nullable String> abort;

  private final AtomicReference<@Nullable String> closing;

  /** Threads that run the code of a hook, a launcher or the like for this deployment now. */
  private final Set<Thread> inside;

  private final List<Signal> heard = new ArrayList<>();
  private Hearing hearing = Hearing.ALL;
  private boolean waiting;
  private @Nullable String signalled;
  private Optional<Signal> paused = Optional.empty();
  private Optional<Duration> asked = Optional.empty();
  private boolean unreadable;

  /** Whether something was posted in this process: once, and since the store was asked last. */
  private volatile boolean posted;

  private volatile boolean postedSince;

  /** Whose requests are heard. */
  private enum Hearing {
    /** Everybody. */
    ALL,
    /** This process only: somebody waits here for the end of a recovery. */
    OWN,
    /** Nobody: going back can't be aborted. */
    NOBODY
  }

  Interventions(ManagerSetup setup, String id, EventReporter events) {
    this(
        setup,
        id,
        events,
        new AtomicReference<>(),
        new AtomicReference<>(),
        ConcurrentHashMap.newKeySet());
  }

  private Interventions(
      ManagerSetup setup,
      String id,
      EventReporter events,
      AtomicReference<@Nullable String> abort,
      AtomicReference<@Nullable String> closing,
      Set<Thread> inside) {
    this.setup = setup;
    this.id = id;
    this.events = events;
    this.abort = abort;
    this.closing = closing;
    this.inside = inside;
  }

  /**
   * Returns what is asked of the recovery of another deployment meanwhile: by this process only,
   * because the signals to that deployment were meant for its way forward.
   */
  Interventions whileRecovering(String other, EventReporter toTell) {
    Interventions interventions = new Interventions(setup, other, toTell, abort, closing, inside);
    interventions.hearing = Hearing.OWN;
    return interventions;
  }

  /** Asks to abort; the first reason stays. Any thread may call it. */
  void abort(String reason) {
    abort.compareAndSet(null, reason);
  }

  /** Asks to end: what waits is suspended, what acts is aborted. Any thread may call it. */
  void close(String reason) {
    closing.compareAndSet(null, reason);
  }

  /** Hears that somebody in this process has posted a signal. Any thread may call it. */
  void posted() {
    posted = true;
    postedSince = true;
  }

  /**
   * Returns why a deployment that has not begun yet is to end, if anybody in any process wants
   * that.
   */
  Optional<String> endsBefore() {
    return endsHere().or(this::abortSignalled);
  }

  /** Removes the signals to a deployment that never began, because nobody else would do it. */
  void forgetPosted() {
    if (posted) {
      try {
        setup.store().forget(id);
      } catch (StoreException e) {
        log.warn("signals to {}, which did not begin, are still in the store", id, e);
      }
    }
  }

  /** Returns why this process wants the deployment to end, if it does. Any thread may call it. */
  Optional<String> endsHere() {
    return Optional.ofNullable(abort.get()).or(() -> Optional.ofNullable(closing.get()));
  }

  /** Wraps work, so that {@link #isInside} knows its thread while it runs. */
  <T> Callable<T> inside(Callable<T> work) {
    return () -> {
      boolean outermost = inside.add(Thread.currentThread());
      try {
        return work.call();
      } finally {
        if (outermost) {
          inside.remove(Thread.currentThread());
        }
      }
    };
  }

  /** Returns whether a thread does something for this deployment now. Any thread may call it. */
  boolean isInside(Thread thread) {
    return inside.contains(thread);
  }

  /** From now on nobody is heard. */
  void hearNobody() {
    hearing = Hearing.NOBODY;
  }

  /** Sets whether the deployment waits now, so that another process could carry it on. */
  void waiting(boolean now) {
    waiting = now;
  }

  /** Fails the step if somebody has asked to abort, or the manager closes. */
  void endIfAsked() throws StepNotDone {
    if (hearing == Hearing.NOBODY) {
      return;
    }
    if (hearing == Hearing.ALL) {
      listen();
    }
    String wish = abort.get() != null || hearing != Hearing.ALL ? abort.get() : signalled;
    if (wish != null) {
      throw StepNotDone.aborted(wish);
    }
    String reason = closing.get();
    if (reason != null) {
      throw waiting ? StepNotDone.suspended(reason) : StepNotDone.aborted(reason);
    }
  }

  boolean paused() {
    return paused.isPresent();
  }

  /** Returns when the pause that is asked for now was asked for. */
  Instant pausedAt() {
    return paused.orElseThrow().at();
  }

  /** Returns how many signals there are by now. */
  int heard() {
    listenNow();
    return heard.size();
  }

  /** Returns the last approval among the signals, not counting the first ones. */
  Optional<Signal> approvedAfter(int first) {
    return heard.stream()
        .skip(first)
        .filter(signal -> signal.deploymentId().equals(id))
        .filter(signal -> signal.kind() == Signal.Kind.APPROVE)
        .reduce((one, other) -> other);
  }

  /** Returns why somebody has asked by a signal to abort, also before this process began. */
  Optional<String> abortSignalled() {
    listenNow();
    return Optional.ofNullable(signalled);
  }

  /**
   * Ends the step as {@link #endIfAsked} does, by what was asked up to this moment; returns whether
   * all signals could be read.
   */
  boolean endIfAskedNow() throws StepNotDone {
    asked = Optional.empty();
    endIfAsked();
    return !unreadable;
  }

  private void listenNow() {
    asked = Optional.empty();
    listen();
  }

  private void listen() {
    Duration now = setup.time().elapsed();
    boolean fresh = postedSince;
    postedSince = false;
    if (!fresh && asked.isPresent() && now.minus(asked.get()).compareTo(ASKED_EVERY) < 0) {
      return;
    }
    asked = Optional.of(now);
    try {
      List<Signal> signals = setup.store().signals(id);
      for (Signal signal :
          signals.subList(Math.min(heard.size(), signals.size()), signals.size())) {
        heard.add(signal);
        take(signal);
      }
      unreadable = false;
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      if (!unreadable) {
        unreadable = true; // Said once: it is asked every second.
        events.warn("signals can't be read: " + StepNotDone.reason(e), e);
      }
    }
  }

  private void take(Signal signal) {
    if (!signal.deploymentId().equals(id)) {
      return;
    }
    events.tell(stamp -> new DeploymentEvent.Asked(stamp, signal));
    switch (signal.kind()) {
      case ABORT -> signalled = signalled == null ? "aborted by " + said(signal) : signalled;
      case PAUSE -> paused = Optional.of(paused.orElse(signal));
      case RESUME -> paused = Optional.empty();
      case APPROVE -> {} // The wait looks for it among what was heard.
    }
  }

  static String said(Signal signal) {
    return signal.by() + (signal.why().isEmpty() ? "" : " (" + signal.why() + ")");
  }
}
