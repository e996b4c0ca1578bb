package io.bluegreen.nginx;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A backend that answers with its name. {@code /held?first=N} sends N bytes, header included, waits
 * until it is {@linkplain #release released}, and sends the rest at 20,480 bytes a second; {@code
 * /accel} waits to be {@linkplain #redirect told}, and sends nginx to another location; {@code
 * /status/503} answers that status; {@code /broken} ends the connection; an upgrade becomes an
 * echo.
 */
final class ColorServer implements AutoCloseable {
  static final int PIECE = 4096;
  static final int HELD = 6 * PIECE;

  /** How many requests have come. */
  final AtomicLong begun = new AtomicLong();

  private final String name;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch redirected = new CountDownLatch(1);

  ColorServer(String name) throws IOException {
    this(name, 0);
  }

  ColorServer(String name, int port) throws IOException {
    this.name = name;
    this.server = new ServerSocket(port, 512, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Lets the held answers go on. */
  void release() {
    released.countDown();
  }

  /** Sends the waiting requests to another location of nginx. */
  void redirect() {
    redirected.countDown();
  }

  @Override
  public void close() throws IOException {
    redirect();
    closed.countDown();
    release();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() {
    while (closed.getCount() > 0) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        start(() -> serve(socket));
      } catch (IOException end) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        answer(head, in, out);
      }
    } catch (IOException | InterruptedException end) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  private void answer(String head, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    begun.incrementAndGet();
    String path = head.split(" ", 3)[1];
    if (head.toLowerCase(Locale.ROOT).contains("\r\nconnection: upgrade\r\n")) {
      write(
          out,
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
      for (int b = in.read(); b >= 0; b = in.read()) {
        out.write(b);
        out.flush();
      }
    } else if (path.startsWith("/held")) {
      held(Integer.parseInt(path.substring(path.indexOf('=') + 1)), out);
    } else if (path.equals("/accel")) {
      redirected.await();
      write(out, "HTTP/1.1 200 OK\r\nX-Accel-Redirect: /\r\nContent-Length: 0\r\n\r\n");
    } else if (path.equals("/broken")) {
      throw new IOException("as asked");
    } else {
      String status = path.startsWith("/status/") ? path.substring(8) + " X" : "200 OK";
      write(out, "HTTP/1.1 " + status + "\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
    }
  }

  private void held(int first, OutputStream out) throws IOException, InterruptedException {
    byte[] all = response(HELD);
    out.write(all, 0, first);
    out.flush();
    released.await();
    for (int from = first; from < HELD; from += PIECE) {
      out.write(all, from, Math.min(PIECE, HELD - from));
      out.flush();
      closed.await(200, TimeUnit.MILLISECONDS);
    }
  }

  /** Returns an answer of so many bytes, header included. */
  private static byte[] response(int size) {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: %08d\r\n\r\n";
    int length = size - head.formatted(0).length();
    byte[] all = new byte[size];
    byte[] start = head.formatted(length).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, all, 0, start.length);
    return all;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int end = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      end =
          (b == '\r' && (end == 0 || end == 2)) || (b == '\n' && (end == 1 || end == 3))
              ? end + 1
              : 0;
      if (end == 4) {
        return head.toString(StandardCharsets.US_ASCII);
      }
    }
    return "";
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "color-server");
    thread.setDaemon(true);
    thread.start();
  }
}
