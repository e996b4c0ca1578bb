package io.bluegreen.examples.demo;

/** What a user does with a connection. */
public enum ConnectionHabit {
  /** Opens one for every request. */
  RECONNECTS,
  /** Keeps it, and takes a request that got no answer on it for failed. */
  KEEPS,
  /**
   * Keeps it, and sends a request once more if the connection, which had been of use before, was
   * closed before a byte of the answer came; as browsers and most client libraries do.
   */
  KEEPS_AND_RESENDS
}
