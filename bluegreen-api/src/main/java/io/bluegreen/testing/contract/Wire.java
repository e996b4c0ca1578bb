package io.bluegreen.testing.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a connection, at which each byte is seen: it writes what it is told, and reads
 * messages of HTTP/1.1 without judging them. Text stands for bytes, one character for each. One
 * thread reads; another one may write.
 */
final class Wire implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /**
   * Takes a connected socket, which it closes.
   *
   * @param patience how long it waits for the next byte
   */
  Wire(Socket socket, Duration patience) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) patience.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  /** Reads a head, and nothing of what follows it. */
  WireMessage head() throws IOException {
    return new WireMessage(line(), lines(), "", List.of());
  }

  /** Reads a whole message; an answer to HEAD has no body, so that this is not for it. */
  WireMessage message() throws IOException {
    return body(head());
  }

  /** Reads what follows a head. */
  WireMessage body(WireMessage head) throws IOException {
    if (head.isBodiless()) {
      return head;
    }
    if (head.value("Transfer-Encoding").equals("chunked")) {
      StringBuilder all = new StringBuilder();
      for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
        all.append(chunk);
      }
      return new WireMessage(head.start(), head.fields(), all.toString(), lines());
    }
    String length = head.value("Content-Length");
    String body = length.isEmpty() ? rest() : bytes(Integer.parseInt(length));
    return new WireMessage(head.start(), head.fields(), body, List.of());
  }

  /** Reads a chunk; of the last one, which is empty, the lines behind it are still to come. */
  String chunk() throws IOException {
    String chunk = bytes(Integer.parseInt(line().split(";", 2)[0].strip(), 16));
    if (!chunk.isEmpty()) {
      line();
    }
    return chunk;
  }

  String bytes(int number) throws IOException {
    byte[] bytes = in.readNBytes(number);
    if (bytes.length < number) {
      throw new EOFException("cut after " + bytes.length + " of " + number + " bytes");
    }
    return new String(bytes, ISO_8859_1);
  }

  /** Reads up to the end of the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** Returns when something more has come, or when the other side has ended: then false. */
  boolean hasMore() throws IOException {
    in.mark(1);
    boolean more = in.read() >= 0;
    in.reset();
    return more;
  }

  /** Says that nothing more comes from here, and closes when the other side has said so, too. */
  void finish() throws IOException {
    try {
      socket.shutdownOutput();
      in.transferTo(OutputStream.nullOutputStream());
    } catch (SocketException e) {
      close(); // the other side was sooner
    }
    close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      lines.add(line);
    }
    return lines;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended in place of a line, behind: " + line);
      }
      line.append((char) c);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }
}
