package io.bluegreen.nginx;

import io.bluegreen.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One connection to nginx's private door, with one deadline for all that is done on it. A plain
 * channel, because HTTP clients know no unix sockets, and because the proof of a reload watches a
 * connection that is idle.
 */
final class DoorConnection implements AutoCloseable {
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final Duration RETRY = Duration.ofMillis(2);

  private final TimeSource time;
  private final Duration end;
  private final SocketChannel channel;
  private final Selector selector;

  private DoorConnection(TimeSource time, Duration end, SocketChannel channel, Selector selector) {
    this.time = time;
    this.end = end;
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects.
   *
   * @throws IOException if nobody listens there, or nobody accepts within the limit
   */
  static DoorConnection open(Door door, Duration limit, TimeSource time) throws IOException {
    Duration end = time.elapsed().plus(limit);
    while (true) {
      SocketChannel channel = SocketChannel.open(door.family());
      Selector selector = Selector.open();
      DoorConnection connection = new DoorConnection(time, end, channel, selector);
      try {
        channel.configureBlocking(false);
        if (!channel.connect(door.address())) {
          connection.await(SelectionKey.OP_CONNECT);
          channel.finishConnect();
        }
        return connection;
      } catch (SocketException e) {
        connection.close();
        // A unix socket whose queue is full refuses at once instead of letting wait.
        boolean full = String.valueOf(e.getMessage()).contains("temporarily unavailable");
        if (!full || time.elapsed().compareTo(end) >= 0) {
          throw e;
        }
        pause(time);
      } catch (IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
    }
  }

  /** Asks for a page; the connection is then at its end unless it is to be kept. */
  DoorAnswer get(String path, String host, boolean keep) throws IOException {
    String request =
        "GET "
            + path
            + (keep ? " HTTP/1.1\r\nConnection: keep-alive" : " HTTP/1.0\r\nConnection: close")
            + "\r\nHost: "
            + host
            + "\r\n\r\n";
    ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    while (read(in)) {
      if (keep && DoorAnswer.isWhole(in.toByteArray())) {
        break;
      }
    }
    return DoorAnswer.parse(in.toByteArray());
  }

  /** Returns whether the other side has closed an idle connection, without waiting. */
  boolean isClosedByPeer() {
    try {
      return channel.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() {
    try (selector) {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean read(ByteArrayOutputStream in) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(8192);
    int n = channel.read(chunk);
    if (n == 0) {
      await(SelectionKey.OP_READ);
      n = channel.read(chunk);
    }
    if (n > 0) {
      in.write(chunk.array(), 0, n);
    }
    if (in.size() > LONGEST_ANSWER) {
      throw new IOException("the answer has more than " + LONGEST_ANSWER + " bytes");
    }
    return n >= 0;
  }

  private void await(int operation) throws IOException {
    channel.register(selector, operation);
    long left = end.minus(time.elapsed()).toMillis();
    if (left <= 0 || selector.select(left) == 0) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      throw new IOException("no answer in time");
    }
    selector.selectedKeys().clear();
  }

  private static void pause(TimeSource time) throws InterruptedIOException {
    try {
      time.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
