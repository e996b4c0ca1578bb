package io.bluegreen.haproxy;

import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import io.bluegreen.haproxy.RuntimeApiException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends one command over one connection, and reads until HAProxy closes it. A connection is never
 * used twice, so that no reply can be taken for that of another command, and a reload can't leave
 * us talking to the former worker.
 *
 * @param halfClose whether our half is closed after the command: otherwise a master keeps the
 *     connection open
 */
record HaproxySocket(SocketAddress address, boolean halfClose, TimeSource time) {
  private static final int CHUNK = 16 * 1024;
  private static final Duration BACKLOG_PAUSE = Duration.ofMillis(5);

  /** Returns the address, and refuses one that is not resolved. */
  static InetSocketAddress resolved(InetSocketAddress address) {
    Objects.requireNonNull(address, "address");
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("address: is not resolved: " + address);
    }
    return address;
  }

  /** Returns the TCP address that it talks to; empty for a unix socket. */
  Optional<InetSocketAddress> tcpAddress() {
    return address instanceof InetSocketAddress tcp ? Optional.of(tcp) : Optional.empty();
  }

  /** Returns the path of the unix socket that it talks to. */
  Path socket() {
    if (address instanceof UnixDomainSocketAddress unix) {
      return unix.getPath();
    }
    throw new IllegalArgumentException("admin socket: expected a unix socket, but was " + address);
  }

  /**
   * Sends a line and returns everything that came back.
   *
   * @param acts whether the command changes something
   * @param deadline for connecting, writing and reading together
   * @param bound the limit of the reply
   */
  String exchange(String line, boolean acts, Deadline deadline, ReplyLimit bound) {
    Exchange exchange = new Exchange(line, acts, deadline);
    try (Selector selector = Selector.open();
        SocketChannel channel = connected(selector, exchange)) {
      write(channel, selector, exchange);
      return read(channel, selector, exchange, bound);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw exchange.broken(Kind.INTERRUPTED, "interrupted", e);
    } catch (IOException e) {
      throw exchange.sent
          ? exchange.broken(Kind.CUT, "the connection broke: " + e.getMessage(), e)
          : unreachable(e);
    }
  }

  private SocketChannel connected(Selector selector, Exchange exchange)
      throws IOException, InterruptedException {
    while (true) {
      SocketChannel channel =
          address instanceof UnixDomainSocketAddress
              ? SocketChannel.open(StandardProtocolFamily.UNIX)
              : SocketChannel.open();
      boolean done = false;
      try {
        channel.configureBlocking(false);
        if (!channel.connect(address)) {
          SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
          while (!channel.finishConnect()) {
            await(selector, exchange);
          }
          key.interestOps(0);
        } else {
          channel.register(selector, 0);
        }
        done = true;
        return channel;
      } catch (SocketException e) {
        // A unix socket whose backlog is full refuses at once, with a plain SocketException.
        // Nothing was sent: asking again is safe.
        if (!backlogFull(e)) {
          throw e;
        }
        if (exchange.deadline.over()) {
          throw unreachable(e);
        }
        time.sleep(BACKLOG_PAUSE);
      } finally {
        if (!done) {
          channel.close();
        }
      }
    }
  }

  private void write(SocketChannel channel, Selector selector, Exchange exchange)
      throws IOException, InterruptedException {
    SelectionKey key = channel.keyFor(selector);
    ByteBuffer rest = ByteBuffer.wrap((exchange.line + "\n").getBytes(StandardCharsets.US_ASCII));
    while (rest.hasRemaining()) {
      // This is set before the write: one that fails may have sent something.
      exchange.sent = true;
      if (channel.write(rest) == 0) {
        key.interestOps(SelectionKey.OP_WRITE);
        await(selector, exchange);
      }
    }
    if (halfClose) {
      channel.shutdownOutput();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  private String read(SocketChannel channel, Selector selector, Exchange exchange, ReplyLimit bound)
      throws IOException, InterruptedException {
    BoundedReply reply = new BoundedReply(bound);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    while (true) {
      int n = channel.read(chunk.clear());
      if (n < 0) {
        return reply.text();
      }
      // This is asked for each chunk: with a peer that sends without end no read comes back empty.
      if (n == 0 || exchange.deadline.over()) {
        await(selector, exchange);
      }
      if (!reply.take(chunk.array(), n)) {
        throw exchange.broken(
            Kind.NOT_UNDERSTOOD,
            "the reply was not read to its end, because it is longer than HAProxy's can be (read: "
                + bound.most()
                + " bytes at most, kept "
                + bound.kept()
                + "); does HAProxy listen there, or something else?",
            null);
      }
      if (halfClose && reply.isOfNoWorker()) {
        return reply.text(); // A master of 3.2 may leave the connection open behind it.
      }
    }
  }

  private void await(Selector selector, Exchange exchange)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Duration left = exchange.deadline.left();
    if (left.isZero()) {
      throw exchange.timedOut();
    }
    // This is rounded up: a select of 0 would wait for ever.
    selector.select(left.toMillis() + 1);
    selector.selectedKeys().clear();
  }

  private RuntimeApiException unreachable(IOException e) {
    String why =
        e instanceof ConnectException
            ? "nothing listens there; is HAProxy running, or reloading just now?"
            : backlogFull(e)
                ? "its backlog is full: HAProxy does not accept connections just now"
                : address instanceof UnixDomainSocketAddress unix && !Files.exists(unix.getPath())
                    ? "no such socket, or no permission to see it; is HAProxy running, and has it"
                        + " a 'stats socket' of this path?"
                    : String.valueOf(e.getMessage()).contains("Permission denied")
                        ? "no permission; give the 'stats socket' line a mode and a group that let"
                            + " this user in"
                        : String.valueOf(e.getMessage());
    return RuntimeApiException.unreachable("HAProxy at " + address + ": " + why, e);
  }

  private static boolean backlogFull(IOException e) {
    return String.valueOf(e.getMessage()).contains("temporarily unavailable");
  }

  /** The state of one command while it is under way. */
  private final class Exchange {
    final String line;
    final boolean acts;
    final Deadline deadline;
    boolean sent;

    Exchange(String line, boolean acts, Deadline deadline) {
      this.line = line;
      this.acts = acts;
      this.deadline = deadline;
    }

    RuntimeApiException timedOut() {
      return sent
          ? broken(
              Kind.TIMED_OUT,
              "no whole reply in time; HAProxy is stopped or overloaded, or all connections of"
                  + " its 'stats maxconn' are in use",
              null)
          : RuntimeApiException.unreachable(
              "HAProxy at " + address + ": no connection in time", null);
    }

    RuntimeApiException broken(Kind kind, String why, @Nullable Throwable e) {
      return RuntimeApiException.broken(
          kind,
          acts && sent,
          "HAProxy at " + address + ", \"" + ReplyCheck.shown(line) + "\": " + why,
          e);
    }
  }
}
