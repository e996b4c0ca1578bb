package io.bluegreen.haproxy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client of a front door that asks again and again over one connection, as browsers do. */
final class BrowserClient implements AutoCloseable {
  private final int port;
  private final boolean keepAlive;
  private Socket socket;
  private InputStream in;

  BrowserClient(int port, boolean keepAlive) {
    this.port = port;
    this.keepAlive = keepAlive;
  }

  /** Returns the body; any status but 200 is an exception. */
  String get(String... headers) throws IOException {
    for (int attempt = 0; ; attempt++) {
      boolean fresh = socket == null;
      if (fresh) {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream());
      }
      try {
        return exchange(headers);
      } catch (EOFException | java.net.SocketException e) {
        close();
        // An idle connection may be closed by a reload at any time: HTTP has a client ask again
        // (RFC 9112, 9.3.1). On a fresh connection it is a failure.
        if (fresh || attempt > 0) {
          throw e;
        }
      }
    }
  }

  private String exchange(String... headers) throws IOException {
    String request =
        "GET / HTTP/1.1\r\nHost: shop\r\n"
            + (keepAlive ? "" : "Connection: close\r\n")
            + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    String status = line();
    int length = 0;
    boolean ends = !keepAlive;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      }
      ends |= lower.equals("connection: close");
    }
    byte[] body = in.readNBytes(length);
    if (ends) {
      close();
    }
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(status + " " + new String(body, StandardCharsets.US_ASCII));
    }
    return new String(body, StandardCharsets.US_ASCII);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed after \"" + line + '"');
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
