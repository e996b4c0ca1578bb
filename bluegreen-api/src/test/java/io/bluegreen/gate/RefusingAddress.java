package io.bluegreen.gate;

import io.bluegreen.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** An address where nobody listens. */
final class RefusingAddress {
  private RefusingAddress() {}

  static String address() {
    try (ServerSocket socket = FreePorts.listen(1)) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
