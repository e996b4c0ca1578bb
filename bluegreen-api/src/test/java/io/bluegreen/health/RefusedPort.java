package io.bluegreen.health;

import io.bluegreen.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** A port of 127.0.0.1 where nobody listens. */
final class RefusedPort {
  private RefusedPort() {}

  static int find() {
    try (ServerSocket socket = FreePorts.listen(1)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
