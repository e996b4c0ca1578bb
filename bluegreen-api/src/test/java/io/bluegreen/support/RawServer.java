package io.bluegreen.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers each connection with exactly the bytes that a test wants. */
public final class RawServer implements AutoCloseable {
  /** What happens on one connection after the head of a request was read. */
  @FunctionalInterface
  public interface Script {
    void play(Socket socket, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Script script;
  private final boolean readsHead;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);

  private RawServer(ServerSocket listener, boolean readsHead, Script script) {
    this.listener = listener;
    this.readsHead = readsHead;
    this.script = script;
    start("raw-server-accept", this::accept);
  }

  public static RawServer answering(String response) throws IOException {
    return playing((socket, out) -> out.write(response.getBytes(StandardCharsets.ISO_8859_1)));
  }

  public static RawServer playing(Script script) throws IOException {
    return on(new ServerSocket(0, 1000, InetAddress.getByName("127.0.0.1")), script);
  }

  public static RawServer on(ServerSocket listener, Script script) {
    return new RawServer(listener, true, script);
  }

  /** Reads nothing before the script. */
  public static RawServer mute(Script script) throws IOException {
    return new RawServer(
        new ServerSocket(0, 1000, InetAddress.getByName("127.0.0.1")), false, script);
  }

  /** Returns a whole answer with a status, more header lines (each with its CRLF) and a body. */
  public static String response(String status, String headers, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\n"
        + headers
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** Waits until the client has closed its side, and remembers that. */
  public void awaitGone(Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // What the client still sends does not matter.
      }
    } catch (IOException reset) {
      // Closed, too.
    }
    gone.countDown();
  }

  public URI uri(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
  }

  public URI uri() {
    return uri("http");
  }

  public List<String> heads() {
    return heads;
  }

  public int mostAtOnce() {
    return most.get();
  }

  public int openNow() {
    return now.get();
  }

  public CountDownLatch asked() {
    return asked;
  }

  public CountDownLatch gone() {
    return gone;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.forEach(Thread::interrupt);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        start("raw-server-connection", () -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
    try (socket) {
      if (readsHead) {
        heads.add(head(socket.getInputStream()));
      }
      asked.countDown();
      script.play(socket, socket.getOutputStream());
    } catch (IOException | InterruptedException over) {
      // The client has gone, or the test is over.
    } finally {
      now.decrementAndGet();
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the client has gone");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }
}
