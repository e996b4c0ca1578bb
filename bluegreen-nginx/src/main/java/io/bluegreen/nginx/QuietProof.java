package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.IOException;
import java.time.Duration;

/**
 * Only the new generation answers, for a while. The longest run of its answers before another of a
 * former worker that was ever measured took 69 answers; this asks some 50 times in more than twice
 * the time that nginx lets both accept.
 */
final class QuietProof implements Proof {
  private final Generation generation;
  private final TimeSource time;
  private final Duration window;
  private Duration since;

  QuietProof(Generation generation, TimeSource time, Duration window) {
    this.generation = generation;
    this.time = time;
    this.window = window;
    this.since = time.elapsed();
  }

  @Override
  public boolean holds() throws IOException {
    if (!generation.answers()) {
      since = time.elapsed();
      return false;
    }
    return time.elapsed().minus(since).compareTo(window) >= 0;
  }
}
