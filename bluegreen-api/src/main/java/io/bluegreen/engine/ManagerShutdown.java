package io.bluegreen.engine;

import io.bluegreen.BlueGreenManager;
import io.bluegreen.TimeSource;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes each part that a manager was given, in a bounded time; the next try closes a part that
 * failed.
 */
final class ManagerShutdown {
  private static final Logger log = LoggerFactory.getLogger(BlueGreenManager.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final int MOST_INTERRUPTS = 10;

  private final ManagerSetup setup;
  private final boolean ownsTime;
  private final Set<AutoCloseable> closed = Collections.newSetFromMap(new IdentityHashMap<>());

  ManagerShutdown(ManagerSetup setup, boolean ownsTime) {
    this.setup = setup;
    this.ownsTime = ownsTime;
  }

  /** Closes what is not closed yet; on a thread that nobody interrupts. */
  synchronized void close() {
    setup.listeners().close();
    // The manager's own time source is closed here, so that a second try needs another one.
    TimeSource time = ownsTime ? TimeSource.system() : setup.time();
    try {
      for (AutoCloseable part : parts()) {
        if (!closed.contains(part) && closes(part, time)) {
          closed.add(part);
        }
      }
    } finally {
      if (ownsTime) {
        time.close();
        setup.time().close();
      }
    }
  }

  private Set<AutoCloseable> parts() {
    Set<AutoCloseable> parts = new LinkedHashSet<>();
    parts.add(setup.router());
    parts.addAll(setup.checks().values());
    setup.group().services().forEach(service -> service.frontDoorCheck().ifPresent(parts::add));
    parts.addAll(setup.gates().values());
    parts.addAll(setup.launchers().values());
    parts.add(setup.store());
    return parts;
  }

  private static boolean closes(AutoCloseable part, TimeSource time) {
    boolean interrupted = false;
    try {
      for (int interrupts = 0; ; interrupts++) {
        try {
          return closedWithin(part, time);
        } catch (InterruptedException e) {
          interrupted = true;
          if (interrupts >= MOST_INTERRUPTS) {
            throw e;
          }
        }
      }
    } catch (Exception e) {
      log.warn("{} could not be closed; another close() tries it again", part, e);
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean closedWithin(AutoCloseable part, TimeSource time) throws Exception {
    try {
      time.within(
          LIMIT,
          () -> {
            part.close();
            return true;
          });
    } catch (RejectedExecutionException e) {
      part.close(); // The host has closed the time that it had lent.
    }
    return true;
  }
}
