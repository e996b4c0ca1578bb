package io.bluegreen;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 that nobody uses, outside the range that the system gives to clients and to a
 * program that asks for any: so that a port stays free until it is listened on, and after.
 */
public final class FreePorts {
  private FreePorts() {}

  /** Returns one. */
  public static int next() {
    try (ServerSocket socket = listen(1)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens on one. */
  public static ServerSocket listen(int backlog) throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try {
        return new ServerSocket(port, backlog, InetAddress.getByName("127.0.0.1"));
      } catch (BindException taken) {
        // Another one, then.
      }
    }
  }
}
