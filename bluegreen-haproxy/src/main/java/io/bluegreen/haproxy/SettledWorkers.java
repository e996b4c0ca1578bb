package io.bluegreen.haproxy;

import java.util.List;

/**
 * The workers at a moment when no reload was under way, and the one that then took new connections.
 * Immutable.
 *
 * @param workers the workers; exactly one is current
 * @param serving what the current one told of itself, through its own socket
 */
record SettledWorkers(HaproxyWorkers workers, ProcessInfo serving) {
  /** Returns the id of the worker that took new connections. */
  long pid() {
    return serving.pid();
  }

  /** Returns the ids of the workers of earlier configurations. */
  List<Long> former() {
    return workers.former();
  }

  /** Returns whether the master, its reload count and the worker are the same in a later look. */
  boolean areStill(HaproxyWorkers now) {
    return now.master() == workers.master()
        && now.reloads() == workers.reloads()
        && now.servesBy(pid());
  }
}
