package io.bluegreen.haproxy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A command of a client that looks at its reply later, or never. */
final class RuntimeApiLater implements AutoCloseable {
  private final SocketChannel channel;

  RuntimeApiLater(RealHaproxy haproxy) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(haproxy.dir.resolve("admin.sock")));
  }

  void send(String command) throws IOException {
    channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
  }

  /** Blocks until HAProxy has carried out what was sent: it replies, then closes. */
  void awaitReply() throws IOException {
    ByteBuffer reply = ByteBuffer.allocate(1024);
    while (channel.read(reply.clear()) >= 0) {}
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
