package io.bluegreen.haproxy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A socket that stands in for HAProxy and answers by script: a command to the bytes of its reply. A
 * script that returns null accepts and never replies.
 */
final class ScriptedSocket implements AutoCloseable {
  /** At the end of a reply: the connection stays open behind it. */
  static final String STAYS_OPEN = "\0";

  final List<String> received = new CopyOnWriteArrayList<>();
  private final Path dir = Files.createTempDirectory("hx");
  private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  private final List<SocketChannel> kept = new ArrayList<>();
  private final Thread thread;

  ScriptedSocket(Function<String, String> script) throws IOException {
    server.bind(UnixDomainSocketAddress.of(socket()), 50);
    thread = new Thread(() -> serve(script), "scripted-socket");
    thread.start();
  }

  Path socket() {
    return dir.resolve("s");
  }

  RuntimeApi api() {
    return RuntimeApi.unix(socket());
  }

  private void serve(Function<String, String> script) {
    while (server.isOpen()) {
      try {
        answer(server.accept(), script);
      } catch (IOException e) {
        // The test is over, or this client has gone; both are seen by the test itself.
      }
    }
  }

  private void answer(SocketChannel channel, Function<String, String> script) throws IOException {
    String command = line(channel);
    if (command.isEmpty()) {
      channel.close();
      return;
    }
    received.add(command);
    String reply = script.apply(command);
    if (reply == null) {
      kept.add(channel);
      return;
    }
    if (reply.endsWith(STAYS_OPEN)) {
      kept.add(channel);
      String text = reply.substring(0, reply.length() - STAYS_OPEN.length());
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      return;
    }
    try (channel) {
      channel.write(ByteBuffer.wrap(reply.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String line(SocketChannel channel) throws IOException {
    StringBuilder line = new StringBuilder();
    ByteBuffer chunk = ByteBuffer.allocate(16 * 1024);
    while (!line.toString().endsWith("\n")) {
      if (channel.read(chunk.clear()) < 0) {
        return "";
      }
      line.append(StandardCharsets.UTF_8.decode(chunk.flip()));
    }
    return line.substring(0, line.length() - 1);
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SocketChannel channel : kept) {
      channel.close();
    }
    Files.delete(socket());
    Files.delete(dir);
  }
}
