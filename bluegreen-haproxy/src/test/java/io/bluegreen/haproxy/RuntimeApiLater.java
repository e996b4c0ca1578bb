package io.bluegreen.haproxy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A command of somebody who does not wait for its reply. */
final class RuntimeApiLater implements AutoCloseable {
  private final SocketChannel channel;

  RuntimeApiLater(RealHaproxy haproxy) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(haproxy.dir.resolve("admin.sock")));
  }

  void send(String command) throws IOException {
    channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
