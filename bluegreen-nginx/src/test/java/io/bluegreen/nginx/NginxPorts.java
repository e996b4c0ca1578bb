package io.bluegreen.nginx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports, each handed out once. They are outside the range from which the system gives ports to
 * clients, because any of those may be taken a moment later.
 */
final class NginxPorts {
  private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

  private NginxPorts() {}

  static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (TAKEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (BindException taken) {
        TAKEN.add(port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
