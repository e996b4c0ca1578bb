package io.bluegreen.embedded;

import io.undertow.client.ClientConnection;
import org.xnio.IoUtils;

/** A connection to an application, and what reads its answers. */
record AppConnection(ClientConnection connection, AnswerGuard guard) {
  /** Returns whether the next request may go on it: the former one is over for certain. */
  boolean isFree() {
    return connection.isOpen() && guard.isOver();
  }

  void close() {
    IoUtils.safeClose(connection);
  }
}
