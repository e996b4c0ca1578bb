package io.bluegreen.nginx;

import io.bluegreen.Deadline;
import io.bluegreen.Group;
import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterTruth;
import io.bluegreen.Switch;
import io.bluegreen.TimeSource;
import io.bluegreen.support.ResourceLock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Decides whether a switch may start.
 *
 * @param group of the router
 * @param change that is asked for
 */
record SwitchAdmission(Group group, Switch change) {
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration POLL = Duration.ofMillis(20);

  /**
   * Returns if the switch may start.
   *
   * @throws RouterException with the reason; nothing was changed
   */
  void check(RouterTruth.Known truth, DiskTruth durable) {
    durable
        .status()
        .filter(found -> !found.group().equals(group.name()))
        .ifPresent(
            found -> {
              throw new RouterException(
                  "the switch to "
                      + change.to()
                      + " was refused: this nginx is marked as group "
                      + found.group()
                      + "'s, not "
                      + group.name()
                      + "'s; nothing was changed, "
                      + truth.running()
                      + " is serving; give each group a place of its own",
                  Effect.UNCHANGED);
            });
    // A generation that somebody else wrote to the disk by hand does not count.
    change.admit(truth, durable.drift().isEmpty() ? durable.generation() : 0);
  }

  /**
   * Keeps other switches of this nginx away until the lock is closed, also those of other JVMs.
   * Waits for one that is under way, but no longer than half of the limit: the other half is for
   * the switch itself.
   */
  static ResourceLock alone(Path lock, Switch change, TimeSource time) {
    Deadline end = time.deadline(within(change).dividedBy(2));
    try {
      return ResourceLock.take(lock, "this nginx", () -> !end.over() && paused(time));
    } catch (IOException e) {
      throw new RouterException(String.valueOf(e.getMessage()), Effect.UNCHANGED, e);
    }
  }

  /** Returns the switch with the limit that is left of it. */
  static Switch rest(Switch change, Duration waited) {
    Duration left = within(change).minus(waited);
    return new Switch(
        change.from(),
        change.to(),
        change.generation(),
        change.deploymentId(),
        change.fence(),
        left.compareTo(POLL) < 0 ? POLL : left);
  }

  private static boolean paused(TimeSource time) {
    try {
      time.sleep(POLL);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns how long a switch may take; one without a limit may take a day. */
  static Duration within(Switch change) {
    return change.within().compareTo(LONGEST) < 0 ? change.within() : LONGEST;
  }

  /** Returns what a failed switch has left behind. */
  static Effect effect(RouterTruth truth, Switch change) {
    if (truth instanceof RouterTruth.Known known) {
      if (known.wholly(change.to()) && known.generation() == change.generation()) {
        return Effect.CHANGED;
      }
      if (known.wholly(change.from())) {
        return Effect.UNCHANGED;
      }
    }
    return Effect.UNKNOWN;
  }
}
