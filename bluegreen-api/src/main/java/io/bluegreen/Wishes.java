package io.bluegreen;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What people ask of a running deployment: by interrupting or closing in this process, by signals
 * through the store from any.
 */
final class Wishes {
  /** How often the store is asked, while there is time. */
  static final Duration ASKED_EVERY = Duration.ofSeconds(1);

  private final Setup setup;
  private final String id;
  private final Events events;
  private final AtomicReference<@Nullable String> abort = new AtomicReference<>();
  private int seen;
  private boolean paused;
  private Optional<Signal> approved = Optional.empty();
  private Optional<Duration> asked = Optional.empty();
  private boolean deaf;
  private boolean unreadable;

  Wishes(Setup setup, String id, Events events) {
    this.setup = setup;
    this.id = id;
    this.events = events;
  }

  /** Asks to abort; the first reason stays. Any thread may call it. */
  void abort(String reason) {
    abort.compareAndSet(null, reason);
  }

  /** Going back can't be aborted: from now on nothing is heeded. */
  void deafen() {
    deaf = true;
  }

  /** Fails the step if somebody has asked to abort. */
  void heed() throws StepFailed {
    if (deaf) {
      return;
    }
    listen();
    String reason = abort.get();
    if (reason != null) {
      throw StepFailed.aborted(reason);
    }
  }

  boolean paused() {
    return paused;
  }

  Optional<Signal> approved() {
    return approved;
  }

  private void listen() {
    Duration now = setup.time().elapsed();
    if (asked.isPresent() && now.minus(asked.get()).compareTo(ASKED_EVERY) < 0) {
      return;
    }
    asked = Optional.of(now);
    try {
      List<Signal> signals = setup.store().signals(id);
      for (Signal signal : signals.subList(Math.min(seen, signals.size()), signals.size())) {
        take(signal);
      }
      seen = Math.max(seen, signals.size());
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      if (!unreadable) {
        unreadable = true; // Said once: it is asked every second.
        events.warn("signals can't be read: " + Run.reason(e), e);
      }
    }
  }

  private void take(Signal signal) {
    if (!signal.deploymentId().equals(id)) {
      return;
    }
    switch (signal.kind()) {
      case ABORT -> abort("aborted by " + said(signal));
      case APPROVE -> approved = Optional.of(signal);
      case PAUSE -> paused = true;
      case RESUME -> paused = false;
    }
  }

  static String said(Signal signal) {
    return signal.by() + (signal.why().isEmpty() ? "" : " (" + signal.why() + ")");
  }
}
