package io.bluegreen.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A listener whose queue is full, so that the kernel leaves further connections unanswered. */
public final class FullListener implements AutoCloseable {
  private static final int FILLERS = 4;
  private static final int QUEUED = 2; // The kernel takes one more than the backlog of one.
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SYN_SENT = "02";

  private final ServerSocket listener;
  private final List<SocketChannel> fillers = new ArrayList<>();

  public FullListener() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    for (int i = 0; i < FILLERS; i++) {
      SocketChannel filler = SocketChannel.open();
      filler.configureBlocking(false);
      filler.connect(new InetSocketAddress("127.0.0.1", listener.getLocalPort()));
      fillers.add(filler);
    }
    await().atMost(PATIENCE).until(() -> connecting() == 0);
  }

  public URI uri(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
  }

  /** Returns how many sockets besides our own wait to be accepted. */
  public long connecting() throws IOException {
    String to = String.format(":%04X", listener.getLocalPort());
    List<String> sockets = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
    sockets.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
    long all =
        sockets.stream()
            .map(line -> line.strip().split("\\s+"))
            .filter(field -> field.length > 3)
            .filter(field -> field[2].endsWith(to) && field[3].equals(SYN_SENT))
            .count();
    return all - (FILLERS - QUEUED);
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel filler : fillers) {
      filler.close();
    }
    listener.close();
  }
}
