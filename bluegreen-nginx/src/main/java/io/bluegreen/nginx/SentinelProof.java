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
 * told another timeout. One that is closed sooner than nginx tells former workers to quit was
 * closed for such a reason, and so was one of which the worker keeps others. From then on sentinels
 * prove nothing, and a quiet window has to.
 */
final class SentinelProof implements Proof {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final int MOST = 128;

  /** So many connections in a row to workers that are known: probably there is no other. */
  private static final int SEARCH = 24;

  /** A worker that was not found may accept a little longer. */
  private static final Duration TAIL = Duration.ofMillis(50);

  /** How long nginx lets both generations accept (ngx_msleep in ngx_master_process_cycle). */
  private static final Duration OVERLAP = Duration.ofMillis(100);

  private final Map<Long, List<StatusConnection>> sentinels = new HashMap<>();
  private final TimeSource time;
  private final QuietProof only;
  private final Duration begin;
  private boolean doubt;

  private SentinelProof(AwaitedGeneration generation, TimeSource time) {
    this.time = time;
    this.begin = time.elapsed();
    this.only = new QuietProof(generation, time, QuietProof.WINDOW);
  }

  /**
   * Opens the connections.
   *
   * @throws IOException if nginx does not answer
   */
  static SentinelProof before(StatusAddress door, AwaitedGeneration generation, TimeSource time)
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
    return doubt
        ? quiet.compareTo(QuietProof.WINDOW) >= 0
        : quiet.compareTo(TAIL) >= 0 && sentinels.isEmpty();
  }

  @Override
  public void close() {
    sentinels.values().forEach(own -> own.forEach(StatusConnection::close));
    sentinels.clear();
  }

  private void find(StatusAddress door) throws IOException {
    for (int known = 0, all = 0; known < SEARCH && all < MOST; known++, all++) {
      StatusConnection sentinel = StatusConnection.open(door, LIMIT, time);
      long worker = 0;
      try {
        worker = RunningGeneration.of(sentinel.get(StatusRequest.STATUS)).pid();
      } finally {
        if (!sentinels.containsKey(worker)) {
          known = -1;
        }
        sentinels.computeIfAbsent(worker, pid -> new ArrayList<>()).add(sentinel);
      }
    }
  }

  private void look() {
    boolean soon = time.elapsed().minus(begin).compareTo(OVERLAP) < 0;
    for (List<StatusConnection> own : sentinels.values()) {
      long gone = own.stream().filter(StatusConnection::isClosedByPeer).count();
      doubt |= gone > 0 && (soon || gone < own.size());
    }
    sentinels.values().removeIf(SentinelProof::isGone);
  }

  private static boolean isGone(List<StatusConnection> own) {
    boolean gone = own.stream().allMatch(StatusConnection::isClosedByPeer);
    if (gone) {
      own.forEach(StatusConnection::close);
    }
    return gone;
  }
}
