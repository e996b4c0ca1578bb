package io.bluegreen.examples.demo;

import io.bluegreen.Color;
import io.bluegreen.support.Text;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client that hides nothing: it never sends a request twice. HTTP client
 * libraries do that when a connection that they kept was closed, and so they would hide the very
 * loss that the demo looks for. It speaks as much HTTP/1.1 as the demo's application needs.
 */
public final class PlainConnection implements AutoCloseable {
  private static final int TIMEOUT_MS = 10_000;
  private static final int LONGEST_LINE = 8_192;
  private static final int MOST_HEADERS = 100;
  private static final int LONGEST_BODY = 65_536;

  private final String host;
  private final Socket socket = new Socket();
  private final InputStream in;
  private int answers;

  /** Connects. */
  public PlainConnection(InetSocketAddress address) throws IOException {
    host = address.getHostString() + ":" + address.getPort();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.connect(address, TIMEOUT_MS);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Asks once.
   *
   * @param keep whether the connection is to stay open for more
   * @throws UnansweredException if this was not the first request here, and not a byte came
   * @throws IOException if it was not answered whole; the connection is of no more use
   */
  public DemoAnswer get(String path, boolean keep) throws IOException {
    send(path, keep);
    int status = status(line());
    Map<String, String> headers = headers();
    in.skipNBytes(length(headers));
    answers++;
    return new DemoAnswer(
        status,
        color(headers.get("x-color")),
        Text.clean(headers.getOrDefault("x-version", ""), 32),
        "close".equalsIgnoreCase(headers.get("connection")));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Sends a request, and waits until there is something of an answer. */
  private void send(String path, boolean keep) throws IOException {
    String request =
        ("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n")
            + (keep ? "" : "Connection: close\r\n")
            + "\r\n";
    try {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      in.mark(1);
      if (in.read() < 0) {
        throw new EOFException("closed before the end of an answer");
      }
      in.reset();
    } catch (EOFException | SocketException e) { // A time-out is neither of these.
      throw answers == 0 ? e : new UnansweredException(e);
    }
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == MOST_HEADERS) {
        throw new IOException("not a header, or too many: " + Text.clean(line, 80));
      }
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed within an answer's head");
      }
      if (line.length() == LONGEST_LINE) {
        throw new IOException("a line is longer than " + LONGEST_LINE);
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  private static int status(String line) throws IOException {
    if (!line.matches("HTTP/1\\.1 [1-5][0-9]{2}( .*)?")) {
      throw new IOException("not a status line: " + Text.clean(line, 80));
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private static int length(Map<String, String> headers) throws IOException {
    String length = headers.getOrDefault("content-length", "none");
    if (!length.matches("[0-9]{1,5}") || Integer.parseInt(length) > LONGEST_BODY) {
      throw new IOException("an answer of length " + Text.clean(length, 80));
    }
    return Integer.parseInt(length);
  }

  private static Optional<Color> color(@Nullable String label) {
    for (Color color : Color.values()) {
      if (color.label().equals(label)) {
        return Optional.of(color);
      }
    }
    return Optional.empty();
  }
}
