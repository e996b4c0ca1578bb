package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Idle connections to each worker: a worker that is told to quit stops to listen first, and closes
 * its idle connections then (ngx_worker_process_cycle).
 *
 * <p>nginx closes idle connections for other reasons, too: it has no more connections left, or was
 * told another timeout. One that is closed before the new generation was seen to answer was closed
 * for such a reason, because former workers are told to quit 100 ms later; and so was one of which
 * the worker keeps others. From then on sentinels prove nothing, and a quiet window has to.
 */
final class SentinelProof implements Proof {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final int MOST = 128;

  /** So many connections in a row to workers that are known: probably there is no other. */
  private static final int SEARCH = 24;

  /** A worker that was not found may accept a little longer. */
  private static final Duration TAIL = Duration.ofMillis(50);

  private final Map<Long, List<DoorConnection>> sentinels = new HashMap<>();
  private final TimeSource time;
  private final QuietProof only;
  private boolean doubt;
  private boolean begun;

  private SentinelProof(Generation generation, TimeSource time) {
    this.time = time;
    this.only = new QuietProof(generation, time, QuietProof.WINDOW);
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
    look();
    Duration quiet = only.lasts();
    begun |= only.begun();
    return doubt
        ? quiet.compareTo(QuietProof.WINDOW) >= 0
        : quiet.compareTo(TAIL) >= 0 && sentinels.isEmpty();
  }

  @Override
  public void close() {
    sentinels.values().forEach(own -> own.forEach(DoorConnection::close));
    sentinels.clear();
  }

  private void find(Door door) throws IOException {
    for (int known = 0, all = 0; known < SEARCH && all < MOST; known++, all++) {
      DoorConnection sentinel = DoorConnection.open(door, LIMIT, time);
      long worker = 0;
      try {
        worker = Running.of(sentinel.get(Question.STATUS)).pid();
      } finally {
        if (!sentinels.containsKey(worker)) {
          known = -1;
        }
        sentinels.computeIfAbsent(worker, pid -> new ArrayList<>()).add(sentinel);
      }
    }
  }

  private void look() {
    for (List<DoorConnection> own : sentinels.values()) {
      long gone = own.stream().filter(DoorConnection::isClosedByPeer).count();
      doubt |= gone > 0 && (!begun || gone < own.size());
    }
    sentinels.values().removeIf(SentinelProof::isGone);
  }

  private static boolean isGone(List<DoorConnection> own) {
    boolean gone = own.stream().allMatch(DoorConnection::isClosedByPeer);
    if (gone) {
      own.forEach(DoorConnection::close);
    }
    return gone;
  }
}
