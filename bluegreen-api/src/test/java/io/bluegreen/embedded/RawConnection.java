package io.bluegreen.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One connection of a client that repeats nothing and forgives nothing. */
final class RawConnection implements AutoCloseable {
  final Socket socket = new Socket();
  final InputStream in;
  final OutputStream out;

  RawConnection(int port) throws IOException {
    this(port, "127.0.0.1");
  }

  RawConnection(int port, String fromAddress) throws IOException {
    socket.setTcpNoDelay(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName(fromAddress), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  Reply get(String target, String... headers) throws IOException {
    send("GET", target, headers);
    return read(false);
  }

  Reply post(String target, byte[] body) throws IOException {
    send("POST", target, "Content-Length: " + body.length);
    out.write(body);
    return read(false);
  }

  void send(String method, String target, String... headers) throws IOException {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: shop\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    write(head + "\r\n");
  }

  void write(String raw) throws IOException {
    out.write(raw.getBytes(ISO_8859_1));
    out.flush();
  }

  Reply read(boolean ofHead) throws IOException {
    String status = TestApp.Request.line(in);
    List<String> headers = new ArrayList<>();
    for (String h = TestApp.Request.line(in); !h.isEmpty(); h = TestApp.Request.line(in)) {
      headers.add(h);
    }
    Reply head = new Reply(Integer.parseInt(status.split(" ")[1]), headers, new byte[0]);
    boolean bodiless = ofHead || head.status == 204 || head.status == 304 || head.status < 200;
    return bodiless ? head : new Reply(head.status, headers, body(head));
  }

  private byte[] body(Reply head) throws IOException {
    if (head.header("Content-Length") != null) {
      int length = Integer.parseInt(head.header("Content-Length"));
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException("the body was cut after " + body.length + " of " + length);
      }
      return body;
    }
    if (!"chunked".equals(head.header("Transfer-Encoding"))) {
      return in.readAllBytes();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      all.writeBytes(chunk);
    }
    return all.toByteArray();
  }

  byte[] chunk() throws IOException {
    int length = Integer.parseInt(TestApp.Request.line(in), 16);
    byte[] chunk = in.readNBytes(length);
    if (chunk.length < length) {
      throw new EOFException("a chunk was cut");
    }
    TestApp.Request.line(in);
    return chunk;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  record Reply(int status, List<String> headers, byte[] bytes) {
    String body() {
      return new String(bytes, ISO_8859_1);
    }

    String header(String name) {
      return headers.stream()
          .filter(h -> h.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
          .map(h -> h.substring(name.length() + 1).strip())
          .findFirst()
          .orElse(null);
    }
  }
}
