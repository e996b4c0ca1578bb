package io.bluegreen.nginx;

import io.bluegreen.Deadline;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One connection to nginx's private door, with a deadline for each request. It is a plain channel,
 * because HTTP clients know no unix sockets, and because the proof of a reload watches a connection
 * that is idle.
 */
final class StatusConnection implements AutoCloseable {
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final Duration RETRY = Duration.ofMillis(2);

  /** So many answers fit into a socket, so that nginx never waits for this program to read. */
  private static final int AT_ONCE = 32;

  private final TimeSource time;
  private final Duration limit;
  private final SocketChannel channel;
  private final Selector selector;
  private Deadline end;

  private StatusConnection(
      TimeSource time, Duration limit, SocketChannel channel, Selector selector) {
    this.time = time;
    this.limit = limit;
    this.end = time.deadline(limit);
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects.
   *
   * @throws IOException if nobody listens there, or nobody accepts within the limit
   */
  static StatusConnection open(StatusAddress door, Duration limit, TimeSource time)
      throws IOException {
    Deadline end = time.deadline(limit);
    while (true) {
      SocketChannel channel = SocketChannel.open(door.family());
      Selector selector = Selector.open();
      StatusConnection connection = new StatusConnection(time, limit, channel, selector);
      try {
        channel.configureBlocking(false);
        if (!channel.connect(door.address())) {
          connection.await(SelectionKey.OP_CONNECT);
          channel.finishConnect();
        }
        return connection;
      } catch (SocketException e) {
        connection.close();
        // A unix socket whose queue is full refuses a connection at once.
        boolean full = String.valueOf(e.getMessage()).contains("temporarily unavailable");
        if (!full || end.over()) {
          throw e;
        }
        pause(time);
      } catch (IOException | RuntimeException e) {
        connection.close();
        throw e;
      }
    }
  }

  /** Asks for a page, after which the other side closes the connection. */
  StatusAnswer last(String path, String host) throws IOException {
    end = time.deadline(limit);
    write("GET " + path + " HTTP/1.0\r\nConnection: close\r\nHost: " + host + "\r\n\r\n");
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    while (read(in)) {
      // Until it is closed.
    }
    return StatusAnswer.parse(in.toByteArray());
  }

  /** Asks for a page; the connection is kept. */
  StatusAnswer get(StatusRequest question) throws IOException {
    List<StatusAnswer> answers = new ArrayList<>();
    get(List.of(question), answers);
    return answers.get(0);
  }

  /**
   * Asks for several pages, without waiting for one before the next is asked.
   *
   * @param answers gets each answer that comes, also when a later one does not
   */
  void get(List<StatusRequest> questions, List<StatusAnswer> answers) throws IOException {
    for (int from = 0; from < questions.size(); from += AT_ONCE) {
      List<StatusRequest> some =
          questions.subList(from, Math.min(questions.size(), from + AT_ONCE));
      end = time.deadline(limit);
      StringBuilder requests = new StringBuilder();
      for (StatusRequest question : some) {
        requests.append("GET ").append(question.path()).append(" HTTP/1.1\r\nHost: ");
        requests.append(question.host()).append("\r\n\r\n");
      }
      write(requests.toString());
      ByteArrayOutputStream in = new ByteArrayOutputStream();
      for (int i = 0; i < some.size(); i++) {
        answers.add(first(in));
      }
    }
  }

  /** Sends what is no whole request yet, so that no answer comes. */
  void begin(String request) throws IOException {
    end = time.deadline(limit);
    write(request);
  }

  /** Returns the first line of what has come, without waiting; empty if nothing has. */
  Optional<String> begun() throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(512);
    int n = channel.read(chunk);
    if (n < 0) {
      return Optional.of("closed without an answer");
    }
    String text = new String(chunk.array(), 0, n, StandardCharsets.ISO_8859_1);
    return text.lines().findFirst();
  }

  /** Takes one answer from what has come, and reads more if it is not all there yet. */
  private StatusAnswer first(ByteArrayOutputStream in) throws IOException {
    int size = StatusAnswer.whole(in.toByteArray());
    while (size == 0) {
      if (!read(in)) {
        return StatusAnswer.parse(in.toByteArray());
      }
      size = StatusAnswer.whole(in.toByteArray());
    }
    byte[] all = in.toByteArray();
    in.reset();
    in.write(all, size, all.length - size);
    return StatusAnswer.parse(Arrays.copyOf(all, size));
  }

  private void write(String text) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
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
    long left = end.left().toMillis();
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
