package io.bluegreen.nginx;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection of a client that counts every byte: an answer is whole, or an exception. */
final class NginxClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private boolean last;

  NginxClient(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Asks by a connection of its own. */
  static Answer once(URI server, String path, String... headers) throws IOException {
    try (NginxClient client = new NginxClient(server)) {
      return client.get(path, headers);
    }
  }

  void send(String path, String... headers) throws IOException {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    write("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + more + "\r\n");
  }

  /** Sends a request that must not be made twice. */
  void post(String path, String body) throws IOException {
    write(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: test\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  Answer get(String path, String... headers) throws IOException {
    send(path, headers);
    return receive();
  }

  Answer receive() throws IOException {
    return receive(head());
  }

  /** Receives the rest of an answer of which the head has come. */
  Answer receive(String head) throws IOException {
    int length = Integer.parseInt(header(head, "content-length", "0"));
    last = header(head, "connection", "").equals("close");
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("cut after " + body.length + " of " + length);
    }
    return new Answer(
        Integer.parseInt(head.substring(9, 12)), head, new String(body, StandardCharsets.US_ASCII));
  }

  /** Returns whether the server said that it closes now. */
  boolean isLast() {
    return last;
  }

  String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException(head.isEmpty() ? "closed without an answer" : "cut in the header");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  int read() throws IOException {
    return in.read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  static String header(String head, String name, String otherwise) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return otherwise;
  }

  record Answer(int status, String head, String body) {}
}
