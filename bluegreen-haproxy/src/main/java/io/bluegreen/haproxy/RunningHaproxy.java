package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.RouterReport.Warning;
import io.bluegreen.TimeSource;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * One running HAProxy with all its workers. The worker that takes new connections is asked through
 * its own socket, because a fresh connection always reaches it; former workers are asked through
 * the master.
 */
final class RunningHaproxy {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  /** A connection that comes while a master starts is never answered, but the next one may be. */
  private static final Duration FIRST_PATIENCE = Duration.ofMillis(250);

  /**
   * The versions whose master, for a socket of a lower level than admin, puts a line before each
   * command and answers the first line only.
   */
  private static final Pattern MUTE = Pattern.compile("3\\.0\\b");

  private static final Set<Kind> RELOADING = Set.of(Kind.UNREACHABLE, Kind.CUT, Kind.TIMED_OUT);

  private final RuntimeApi api;
  private final Optional<MasterApi> master;
  private final boolean contained;
  private final TimeSource time;

  RunningHaproxy(RuntimeApi api, Optional<MasterApi> master, TimeSource time) {
    this(api, master, false, time);
  }

  /**
   * Asks nothing yet.
   *
   * @param contained whether it runs in a container, so that the ids of its processes mean nothing
   *     here
   */
  RunningHaproxy(RuntimeApi api, Optional<MasterApi> master, boolean contained, TimeSource time) {
    this.api = api;
    this.master = master;
    this.contained = contained;
    this.time = time;
  }

  RuntimeApi api() {
    return api;
  }

  Optional<MasterApi> master() {
    return master;
  }

  TimeSource time() {
    return time;
  }

  /** Returns why it is not proven that it loads a file of this machine; empty if it is. */
  Optional<Warning> unproven(RuntimeApi asked, RecordFile file) {
    return contained
        ? new SharedFolder(file).unproven(asked)
        : SharedDisk.unproven(asked, file.path());
  }

  /**
   * Returns why it is not proven that it loads a configuration that is read here; empty if it is,
   * or if it runs in no container.
   */
  Optional<Warning> unproven(RuntimeApi asked, RecordFile file, Path configuration) {
    return contained
        ? new SharedConfiguration(file, configuration).unproven(asked)
        : Optional.empty();
  }

  /** Returns the deadline of one question to all workers, with time for a reload under way. */
  Deadline limit() {
    return time.deadline(LIMIT);
  }

  /** Waits before asking again. */
  void pause() {
    try {
      time.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns the workers at a moment when no reload is under way: the master answers, and our socket
   * reaches the one current worker. After a reload that failed that is the former worker, and some
   * masters name no current one until a reload succeeds. Waits for such a moment, but not for a
   * HAProxy that is down.
   */
  SettledWorkers settled(Deadline deadline) {
    Duration patience = FIRST_PATIENCE;
    Optional<RuntimeApiException> others = Optional.empty();
    String version = "";
    while (true) {
      try {
        HaproxyWorkers workers = look(deadline.atMost(patience));
        ProcessInfo reached = api.until(deadline).info();
        Optional<HaproxyWorkers> serving = workers.servedBy(reached);
        if (serving.isPresent()) {
          return new SettledWorkers(serving.get(), reached);
        }
        others = Optional.of(others(workers, reached.pid()));
        if (deadline.over()) {
          throw others.get();
        }
      } catch (RuntimeApiException e) {
        if (!RELOADING.contains(e.kind()) || deadline.over()) {
          throw others.orElse(MUTE.matcher(version).lookingAt() ? mute(e, version) : e);
        }
        // If the worker answers, the master is reloading: then it refuses, resets or never answers.
        // If not, HAProxy is down.
        version = api.until(deadline).info().version();
        if (e.kind() == Kind.TIMED_OUT && patience.compareTo(LIMIT) < 0) {
          patience = patience.multipliedBy(2);
        }
      }
      pause();
    }
  }

  private static RuntimeApiException mute(RuntimeApiException e, String version) {
    return RuntimeApiException.broken(
        e.kind(),
        e.mayHaveActed(),
        "the master does not answer \"show proc\", though its worker answers: HAProxy "
            + ReplyCheck.shown(version)
            + " has no answer for a master's socket of a lower level than admin. Write"
            + " ',level,admin' behind its path at -S, and restart HAProxy; where it has that level,"
            + " HAProxy is reloading all the time, or its master stands still",
        e);
  }

  private static RuntimeApiException others(HaproxyWorkers workers, long reached) {
    return RuntimeApiException.unreachable(
        "HAProxy is still reloading, or the admin socket is not one of this master: it reaches"
            + " process "
            + reached
            + ", the master has "
            + workers,
        null);
  }

  /**
   * Returns whether neither a reload nor a restart has started since: the master, its reload count
   * and the worker are the same. In a container a restart gives all of them the same ids again, so
   * that the worker has to be of the same start, too.
   *
   * @param before the workers that {@link #settled} returned
   */
  boolean stillAt(SettledWorkers before, Deadline deadline) {
    return before.areStill(look(deadline)) && ownMaster(before, deadline);
  }

  /**
   * Returns whether the master leads to the very process that the admin socket has reached. In two
   * containers the ids of a master and its worker are the same ones, so that they prove nothing;
   * the starts of two processes differ. Outside a container the ids are enough.
   */
  boolean ownMaster(SettledWorkers now, Deadline deadline) {
    if (!contained) {
      return true;
    }
    RuntimeApi asked = master.map(m -> m.until(deadline).worker(now.pid())).orElse(api);
    try {
      return now.serving().isOfProcess(asked.until(deadline).info());
    } catch (RuntimeApiException e) {
      if (e.refusal().equals(Optional.of(Refusal.NO_SUCH_WORKER))) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Asks every worker, also the former ones, until no reload has started in between, so that no
   * worker that serves is missed. A former worker that ends meanwhile is left out.
   *
   * @param restart called before each round
   * @param visit called with each worker; it only reads, or may be repeated in the next round
   */
  void each(Deadline deadline, Runnable restart, BiConsumer<Long, RuntimeApi> visit) {
    while (true) {
      restart.run();
      SettledWorkers before = settled(deadline);
      visit.accept(before.pid(), api.until(deadline));
      if (visited(before.former(), deadline, visit) && stillAt(before, deadline)) {
        return;
      }
      pause();
    }
  }

  /** Does the same as {@link #each} with the former workers only. */
  void eachFormer(Deadline deadline, Runnable restart, Consumer<RuntimeApi> visit) {
    while (true) {
      restart.run();
      if (visited(formerWorkers(deadline), deadline, (pid, worker) -> visit.accept(worker))) {
        return;
      }
      pause();
    }
  }

  /**
   * Returns whether each worker has answered or has ended. One that has just ended may still be on
   * its master's list, and it may have ended by the last command: that is no failure yet.
   */
  private boolean visited(List<Long> pids, Deadline deadline, BiConsumer<Long, RuntimeApi> visit) {
    try {
      for (long pid : pids) {
        former(pid, deadline, worker -> visit.accept(pid, worker));
      }
      return true;
    } catch (RuntimeApiException e) {
      if ((e.kind() != Kind.CUT && e.kind() != Kind.UNREACHABLE) || deadline.over()) {
        throw e;
      }
      return false;
    }
  }

  /** Visits a former worker, unless it has ended. */
  void former(long pid, Deadline deadline, Consumer<RuntimeApi> visit) {
    try {
      master.ifPresent(m -> visit.accept(m.until(deadline).worker(pid)));
    } catch (RuntimeApiException e) {
      boolean gone = e.refusal().equals(Optional.of(Refusal.NO_SUCH_WORKER));
      if (!gone && look(deadline).former().contains(pid)) {
        throw e;
      }
    }
  }

  /** Returns the former workers; none if there is no master that knows them. */
  private List<Long> formerWorkers(Deadline deadline) {
    if (master.isEmpty()) {
      return List.of();
    }
    List<Long> former = new ArrayList<>(look(deadline).former());
    // After a reload that failed, the worker that serves is listed among them.
    former.removeAll(List.of(api.until(deadline).info().pid()));
    return former;
  }

  private HaproxyWorkers look(Deadline deadline) {
    return master.isPresent()
        ? master.get().until(deadline).workers()
        : new HaproxyWorkers(0, 0, List.of(api.until(deadline).info().pid()), List.of());
  }
}
