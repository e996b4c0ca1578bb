package io.bluegreen.nginx;

import java.io.IOException;

/** Watches one reload. Made before it, asked after it again and again, then closed. */
interface Proof extends AutoCloseable {
  /**
   * Returns whether no request that starts now can reach a former worker.
   *
   * @throws IOException if nginx does not answer just now
   */
  boolean holds() throws IOException, InterruptedException;

  @Override
  default void close() {}
}
