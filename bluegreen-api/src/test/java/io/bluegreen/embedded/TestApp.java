package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bluegreen.FreePorts;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** An application on a plain socket, so that a test decides over each byte and each close. */
final class TestApp implements AutoCloseable {
  /** Answers one request; returning false closes the connection. */
  interface Answer {
    boolean to(Request request, OutputStream out) throws Exception;
  }

  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();

  /**
   * How long a connection may be idle between two requests, in ms, asked again each time; 0 is for
   * ever.
   */
  volatile IntSupplier idleLimit = () -> 0;

  volatile Answer answer;
  private final ServerSocket server;
  private final Thread accepting;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  TestApp(Answer answer) throws IOException {
    this.answer = answer;
    this.server = FreePorts.listen(500);
    this.accepting = start(this::accept);
  }

  /** Says its name to everything. */
  static TestApp saying(String name) throws IOException {
    return new TestApp((request, out) -> reply(out, 200, name));
  }

  static boolean reply(OutputStream out, int status, String body) throws IOException {
    out.write(
        ("HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
            .getBytes(ISO_8859_1));
    return true;
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      accepting.join(); // Until it has ended the kernel may let one more connection in.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket socket = server.accept();
      open.add(socket);
      connections.incrementAndGet();
      start(() -> serve(socket));
    }
  }

  private void serve(Socket socket) throws Exception {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
      boolean first = true;
      while (awaitNext(socket, in, first ? 0 : idleLimit.getAsInt())) {
        first = false;
        Request request = Request.read(in, socket);
        requests.incrementAndGet();
        boolean goOn = answer.to(request, out);
        out.flush();
        if (!goOn) {
          return;
        }
        request.body();
      }
    } catch (SocketTimeoutException e) {
      return; // idle for too long
    } finally {
      open.remove(socket);
    }
  }

  private boolean awaitNext(Socket socket, InputStream in, int limit) throws IOException {
    socket.setSoTimeout(limit);
    in.mark(1);
    int next = in.read();
    in.reset();
    socket.setSoTimeout(0);
    return next != -1;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Thread start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                // The peer is gone or the test is over; what matters is asserted at the client.
              }
            },
            "test-app");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  static final class Request {
    final String line;
    final List<String> headers;
    final InputStream in;
    final Socket socket;
    private byte[] body;

    private Request(String line, List<String> headers, InputStream in, Socket socket) {
      this.line = line;
      this.headers = headers;
      this.in = in;
      this.socket = socket;
    }

    static Request read(InputStream in, Socket socket) throws IOException {
      String line = line(in);
      List<String> headers = new ArrayList<>();
      for (String header = line(in); !header.isEmpty(); header = line(in)) {
        headers.add(header);
      }
      return new Request(line, headers, in, socket);
    }

    String target() {
      return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
    }

    String header(String name) {
      return headers.stream()
          .filter(h -> h.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(h -> h.substring(name.length() + 1).strip())
          .findFirst()
          .orElse(null);
    }

    byte[] body() throws IOException {
      if (body == null) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (header("Content-Length") != null) {
          all.writeBytes(in.readNBytes(Integer.parseInt(header("Content-Length"))));
        } else if (header("Transfer-Encoding") != null) {
          for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
            all.writeBytes(chunk);
          }
        }
        body = all.toByteArray();
      }
      return body;
    }

    /** The next chunk of a chunked body; empty at its end. */
    byte[] chunk() throws IOException {
      byte[] chunk = in.readNBytes(Integer.parseInt(line(in).strip(), 16));
      line(in);
      return chunk;
    }

    static String line(InputStream in) throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b == -1) {
          throw new EOFException("the connection ended in a line");
        }
        line.write(b);
      }
      return line.toString(ISO_8859_1).stripTrailing();
    }
  }
}
