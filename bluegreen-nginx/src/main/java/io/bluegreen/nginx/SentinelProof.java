package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One idle connection to each worker: a worker that is told to quit stops to listen first, and
 * closes its idle connections then (ngx_worker_process_cycle).
 */
final class SentinelProof implements Proof {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final int MOST = 128;

  /** So many connections in a row to workers that are known: probably there is no other. */
  private static final int SEARCH = 24;

  /** A worker that was not found may accept a little longer. */
  private static final Duration TAIL = Duration.ofMillis(50);

  private final List<DoorConnection> sentinels = new ArrayList<>();
  private final Generation generation;
  private final TimeSource time;
  private final QuietProof tail;

  private SentinelProof(Generation generation, TimeSource time) {
    this.generation = generation;
    this.time = time;
    this.tail = new QuietProof(generation, time, TAIL);
  }

  /**
   * Opens the connections.
   *
   * @throws IOException if nginx does not answer
   */
  static SentinelProof before(Door door, Generation generation, TimeSource time)
      throws IOException {
    SentinelProof proof = new SentinelProof(generation, time);
    try {
      proof.find(door);
      return proof;
    } catch (IOException | RuntimeException e) {
      proof.close();
      throw e;
    }
  }

  @Override
  public boolean holds() throws IOException {
    sentinels.removeIf(SentinelProof::isGone);
    return tail.holds() && sentinels.isEmpty() && generation.answers();
  }

  @Override
  public void close() {
    sentinels.forEach(DoorConnection::close);
    sentinels.clear();
  }

  private void find(Door door) throws IOException {
    Set<Long> workers = new HashSet<>();
    for (int known = 0, all = 0; known < SEARCH && all < MOST; known++, all++) {
      DoorConnection sentinel = DoorConnection.open(door, LIMIT, time);
      sentinels.add(sentinel);
      if (workers.add(Running.of(sentinel.get(Question.STATUS)).pid())) {
        known = -1;
      }
    }
  }

  private static boolean isGone(DoorConnection sentinel) {
    if (sentinel.isClosedByPeer()) {
      sentinel.close();
      return true;
    }
    return false;
  }
}
