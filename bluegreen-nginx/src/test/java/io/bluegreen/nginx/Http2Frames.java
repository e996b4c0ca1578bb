package io.bluegreen.nginx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Just enough of HTTP/2 (RFC 9113) to have several requests open on one connection. */
final class Http2Frames {
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int END_OF_STREAM_AND_HEADERS = 5;
  private static final int CANCEL = 8;

  private Http2Frames() {}

  static SocketChannel connect(int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    write(channel, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(channel, SETTINGS, 0, 0, new byte[0]);
    return channel;
  }

  static void get(SocketChannel channel, int stream, String path) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x82); // :method GET
    block.write(0x86); // :scheme http
    literal(block, 0x04, path);
    literal(block, 0x01, "test"); // :authority
    frame(channel, HEADERS, END_OF_STREAM_AND_HEADERS, stream, block.toByteArray());
  }

  static void reset(SocketChannel channel, int stream) throws IOException {
    frame(channel, RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
  }

  /** A value for a name of the static table, without a place in the dynamic one. */
  private static void literal(ByteArrayOutputStream block, int name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    block.write(name);
    block.write(bytes.length);
    block.writeBytes(bytes);
  }

  private static void frame(SocketChannel channel, int type, int flags, int stream, byte[] payload)
      throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) 0).putShort((short) payload.length).put((byte) type).put((byte) flags);
    frame.putInt(stream).put(payload);
    write(channel, frame.array());
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
