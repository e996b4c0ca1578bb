package io.bluegreen.testing.contract;

import io.bluegreen.Color;
import io.bluegreen.support.LiteralAddress;
import io.bluegreen.support.Text;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The client of the contracts, over plain sockets: usual client libraries repeat a request that
 * failed, so that the failure would not be counted. It does not check either whether an idle
 * connection was closed meanwhile: a server that closes one in the middle of a conversation loses a
 * request.
 */
final class HttpClient implements ProxyUnderTest.Client {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int READ_MILLIS = 30_000;
  private static final int LONGEST = 64_000;

  private final URI frontDoor;
  private final boolean keepAlive;
  private @Nullable Connection connection;

  HttpClient(URI frontDoor, boolean keepAlive) {
    this.frontDoor = frontDoor;
    this.keepAlive = keepAlive;
  }

  @Override
  public Color request() throws IOException {
    return request("/");
  }

  Color request(String path) throws IOException {
    boolean reusable = false;
    Connection mine = connection == null ? new Connection(frontDoor) : connection;
    connection = mine;
    try {
      mine.send(path, keepAlive);
      reusable = mine.head() && keepAlive;
      return Color.of(mine.body().strip());
    } catch (IllegalArgumentException e) {
      throw new IOException("the answer names no colour", e);
    } catch (IOException e) {
      reusable = false;
      throw e;
    } finally {
      if (!reusable) {
        close();
      }
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private static final class Connection {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final String host;
    private int length;

    Connection(URI to) throws IOException {
      host = to.getAuthority();
      try {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        socket.connect(LiteralAddress.of(to).at(to.getPort()), CONNECT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }

    void send(String path, boolean keepAlive) throws IOException {
      String request =
          "GET "
              + path
              + " HTTP/1.1\r\nHost: "
              + host
              + "\r\n"
              + (keepAlive ? "\r\n" : "Connection: close\r\n\r\n");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads status and header, and returns whether the connection can be used again. */
    boolean head() throws IOException {
      String status = line();
      boolean open = true;
      length = -1;
      for (String line = line(); !line.isEmpty(); line = line()) {
        String header = line.toLowerCase(Locale.ROOT);
        if (header.startsWith("content-length:")) {
          length = Integer.parseInt(header.substring(15).strip());
        } else if (header.startsWith("connection:") && header.contains("close")) {
          open = false;
        }
      }
      if (!status.startsWith("HTTP/1.1 200")) {
        throw new IOException("answered " + Text.clean(status, 100));
      }
      return open;
    }

    String body() throws IOException {
      if (length < 0 || length > LONGEST) {
        throw new IOException("an answer with a Content-Length is needed, but it was " + length);
      }
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException("the answer was cut short");
      }
      return new String(body, StandardCharsets.ISO_8859_1);
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("the connection was closed in place of an answer");
        }
        if (line.length() > LONGEST) {
          throw new IOException("a line of the answer is endless");
        }
        line.append((char) c);
      }
      return line.toString().strip();
    }
  }
}
