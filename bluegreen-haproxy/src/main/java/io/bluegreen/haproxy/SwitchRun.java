package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.Slot;
import io.bluegreen.Switch;
import io.bluegreen.haproxy.RoutingMode.Attempt;
import io.bluegreen.haproxy.RoutingMode.Served;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import io.bluegreen.support.ResourceLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one switch. A reload or a crash, of HAProxy or of this process, at any moment ends in
 * the former split or in the next one, whole; after the switch has returned it never ends in the
 * former one.
 *
 * <p>The file goes first: a worker that starts from then on serves the next split. The master shows
 * a reload that has read the file before: its reload count and its worker must be the same before
 * the write and after the read-back, or everything is done again. Former workers still answer on
 * connections that they had accepted, so they are told, too.
 *
 * <p>A switch that stood still between its look at the record and its write would later undo what
 * another one has switched meanwhile. So each switch holds a lock beside the record throughout.
 */
final class SwitchRun {
  private static final Duration READ_BACK = Duration.ofMillis(500);

  /** How long a switch that has done nothing yet waits for a HAProxy that is down. */
  private static final Duration TO_BEGIN = Duration.ofSeconds(2);

  private static final Set<Refusal> PASSING =
      Set.of(
          Refusal.NO_SUCH_WORKER,
          Refusal.VERSION_OUT_OF_RANGE,
          Refusal.VERSION_IN_FUTURE,
          Refusal.ENTRY_NOT_FOUND);

  private final RunningHaproxy proxy;
  private final RoutingMode mode;
  private final Switch change;
  private final Deadline work;
  private Deadline begin;

  /**
   * This ends before the deadline of the work, so that no question is cut off and the switch itself
   * has time.
   */
  private final Deadline serversUp;

  private @Nullable Attempt attempt;
  private boolean recorded;

  SwitchRun(RunningHaproxy proxy, RoutingMode mode, Switch change) {
    this.proxy = proxy;
    this.mode = mode;
    this.change = change;
    // The last tenth is for the read-back after a failure.
    this.work = proxy.time().deadline(change.within().dividedBy(10).multipliedBy(9));
    this.begin = work.atMost(TO_BEGIN);
    this.serversUp = proxy.time().deadline(change.within().dividedBy(3).multipliedBy(2));
  }

  /**
   * Makes the switch. Nobody else switches from before its first look until it is proven or undone.
   */
  void apply() {
    ResourceLock lock = alone();
    begin = work.atMost(TO_BEGIN);
    try {
      proven();
    } finally {
      lock.close();
    }
  }

  /**
   * Waits for a switch that is under way, for half of the limit; the other half is for this switch.
   */
  private ResourceLock alone() {
    Deadline wait = work.atMost(change.within().dividedBy(2));
    try {
      return ResourceLock.take(
          lockOf(mode.file().path()), "this HAProxy", () -> !wait.over() && waited());
    } catch (IOException e) {
      throw new RouterException(String.valueOf(e.getMessage()), Effect.UNCHANGED, e);
    }
  }

  private boolean waited() {
    proxy.pause();
    return !Thread.currentThread().isInterrupted();
  }

  /** Returns the lock file beside a record. */
  static Path lockOf(Path record) {
    return record.resolveSibling("." + record.getFileName() + ".lock");
  }

  private void proven() {
    try {
      prove();
    } catch (RuntimeApiException e) {
      throw failed(e, e.getMessage(), e.mayHaveActed(), e.kind() == Kind.REFUSED);
    } catch (IOException e) {
      throw failed(e, "the record could not be written: " + e.getMessage(), false, true);
    }
  }

  private void prove() throws IOException {
    while (true) {
      try {
        if (attempted()) {
          return;
        }
      } catch (RuntimeApiException e) {
        if (!passing(e) || (recorded ? work : begin).over()) {
          throw e;
        }
      }
      if (work.over()) {
        throw RuntimeApiException.broken(
            Kind.TIMED_OUT, false, "HAProxy was reloaded again and again within the limit", null);
      }
      proxy.pause();
    }
  }

  /** Does and checks everything once; false if a reload came in between. */
  private boolean attempted() throws IOException {
    SettledWorkers before = proxy.settled(work);
    RuntimeApi api = proxy.api().until(work);
    if (attempt == null) {
      Attempt first = mode.attempt(change, api, change::admit);
      // During a wait the served split may have changed.
      attempt = awaitServers(api) ? mode.attempt(change, api, change::admit) : first;
    }
    Attempt current = attempt;
    recorded = true;
    current.record();
    current.serve(api);
    for (long pid : before.former()) {
      proxy.former(pid, work, current::serve);
    }
    return proxy.stillAt(before, work);
  }

  /**
   * Waits until HAProxy itself holds the servers that get more traffic for up. Whatever they answer
   * to us, HAProxy answers 503 in their place until its own check has found them up.
   *
   * @return whether it had to wait
   */
  private boolean awaitServers(RuntimeApi api) {
    List<Slot> rising =
        GroupServers.slots(mode).stream()
            .filter(
                slot ->
                    change.to().share(slot.service().name(), slot.color())
                        > change.from().share(slot.service().name(), slot.color()))
            .toList();
    boolean waited = false;
    while (true) {
      List<ServerState> down = down(rising, api);
      if (down.isEmpty()) {
        return waited;
      }
      waited = true;
      if (serversUp.over()) {
        Effect effect = readBack();
        throw new RouterException(
            "HAProxy's own check does not hold "
                + LastCheck.of(down, api)
                + " for up, or they are in maintenance or drain, or without weight, so that "
                + (effect == Effect.UNCHANGED
                    ? "the traffic was not moved there"
                    : "nothing was done")
                + said(effect)
                + ". Look at what it checks (option httpchk, rise, inter), and deploy again",
            effect);
      }
      proxy.pause();
    }
  }

  private List<ServerState> down(List<Slot> slots, RuntimeApi api) {
    if (slots.isEmpty()) {
      return List.of();
    }
    ServersByBackend servers =
        ServersByBackend.of(
            slots.size() == 1
                ? api.servers(mode.target(slots.get(0)).backend())
                : api.queries().servers(GroupServers.backends(mode)));
    return slots.stream()
        .map(mode::target)
        .flatMap(target -> notServing(servers.of(target), target.wholeBackend()).stream())
        .toList();
  }

  /**
   * Returns the servers that are missed. One that a person took out of service is not missed as
   * long as there is another server.
   *
   * @param weighed whether a weight of 0 takes a server out, too, because it is not the split's
   */
  private static List<ServerState> notServing(List<ServerState> own, boolean weighed) {
    List<ServerState> meant =
        own.stream().filter(s -> s.inService() && (!weighed || s.weight() > 0)).toList();
    return meant.isEmpty() ? own : meant.stream().filter(server -> !server.isUp()).toList();
  }

  /**
   * Returns whether a failure will pass. A worker that ends, a reload and a restart all pass, and
   * each round looks before it acts again.
   */
  private static boolean passing(RuntimeApiException e) {
    return switch (e.kind()) {
      case UNREACHABLE, TIMED_OUT, CUT -> true;
      case REFUSED -> e.refusal().filter(PASSING::contains).isPresent();
      case NOT_UNDERSTOOD, INTERRUPTED -> false;
    };
  }

  private RouterException failed(
      Exception cause, @Nullable String why, boolean late, boolean settled) {
    // An interrupted thread can't talk to HAProxy: its flag is set aside while it is asked.
    boolean interrupted = Thread.interrupted();
    try {
      Effect effect = readBack();
      if (effect == Effect.UNCHANGED && late) {
        // HAProxy may still execute a command that it has in a buffer.
        effect = Effect.UNKNOWN;
      }
      RouterException failure =
          new RouterException(
              "the switch to " + change.to() + " was not proven: " + why + said(effect),
              effect,
              cause);
      if (effect == Effect.UNCHANGED && recorded && settled && attempt != null) {
        restore(attempt, failure);
      }
      return failure;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Effect readBack() {
    try {
      Deadline deadline = proxy.time().deadline(READ_BACK);
      Served served = mode.served(proxy.api().until(deadline));
      if (served.serves(change.to())
          && (!change.to().equals(change.from()) || served.generation() == change.generation())) {
        return Effect.CHANGED;
      }
      return served.serves(change.from()) ? Effect.UNCHANGED : Effect.UNKNOWN;
    } catch (RuntimeApiException e) {
      return Effect.UNKNOWN;
    }
  }

  private String said(Effect effect) {
    return switch (effect) {
      case UNCHANGED -> "; HAProxy still serves " + change.from();
      case CHANGED -> "; HAProxy serves " + change.to() + " by now";
      case UNKNOWN -> "; what HAProxy serves, or will serve in a moment, is not known";
    };
  }

  private static void restore(Attempt attempt, RouterException failure) {
    try {
      attempt.restore();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Returns what {@link #apply} would do. */
  static List<String> plan(RunningHaproxy proxy, RoutingMode mode, Switch change) {
    Deadline deadline = proxy.limit();
    RuntimeApi api = proxy.api().until(deadline);
    try {
      return mode.attempt(change, api, RoutingMode.Rule.NONE).describe(api);
    } catch (RuntimeApiException | IOException e) {
      throw new RouterException("HAProxy can't be asked: " + e.getMessage(), Effect.UNCHANGED, e);
    }
  }
}
