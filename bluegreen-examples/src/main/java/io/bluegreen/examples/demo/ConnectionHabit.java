package io.bluegreen.examples.demo;

/** How a user treats a connection. */
public enum ConnectionHabit {
  /** Opens one for every request. */
  RECONNECTS,
  /** Keeps it, and takes a request that got no answer on it for failed. */
  KEEPS,
  /**
   * Keeps it. If a connection that was used before is closed before a byte of the answer came,
   * sends the request once more, as browsers and most client libraries do.
   */
  KEEPS_AND_RESENDS
}
