package io.bluegreen.haproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An agent as HAProxy asks it (configuration manual, section 5.2, "agent-check"). */
final class CheckAgent implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private volatile String answer;

  CheckAgent(String answer) throws IOException {
    this.answer = answer;
    Thread thread = new Thread(this::serve, "agent");
    thread.setDaemon(true);
    thread.start();
  }

  void says(String other) {
    answer = other;
  }

  /** Returns the options of a server that obeys it. */
  String options() {
    return " agent-check agent-port " + server.getLocalPort() + " agent-inter 50ms";
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket connection = server.accept()) {
        connection.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        continue; // HAProxy hung up, or the test is over.
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
