package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves a reload by idle connections to each worker: a worker that is told to quit stops to listen
 * first, and closes its idle connections then (ngx_worker_process_cycle).
 *
 * <p>nginx closes idle connections for other reasons, too: it has no more connections left, or has
 * another timeout. That was the reason where one is closed before nginx tells former workers to
 * quit, and where its worker keeps others open. From then on the connections prove nothing, and
 * only a quiet window can.
 */
final class SentinelProof implements Proof {
  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final int MOST = 128;

  /** After so many connections in a row to known workers there is probably no other worker. */
  private static final int SEARCH = 24;

  /** Some time for a worker that was not found and may accept a little longer. */
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
