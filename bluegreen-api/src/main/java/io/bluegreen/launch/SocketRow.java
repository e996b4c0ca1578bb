package io.bluegreen.launch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One socket of {@code /proc/net/tcp} or {@code tcp6}: proc(5).
 *
 * @param address where it is bound
 * @param port where it is bound
 * @param listens whether connections are accepted there
 * @param user the number of the user that made it
 * @param inode what the descriptor that holds it is called by
 */
record SocketRow(InetAddress address, int port, boolean listens, int user, String inode) {
  /** TCP_LISTEN of the kernel's tcp_states.h. */
  private static final String LISTENS = "0A";

  /** Returns all rows of such a file. */
  static List<SocketRow> parse(String file) throws UnknownHostException {
    List<SocketRow> rows = new ArrayList<>();
    for (String line : file.lines().skip(1).toList()) {
      String[] fields = line.strip().split(" +", -1);
      if (fields.length > 9) {
        String[] local = fields[1].split(":", -1);
        rows.add(
            new SocketRow(
                address(local[0]),
                Integer.parseInt(local[1], 16),
                fields[3].equals(LISTENS),
                Integer.parseUnsignedInt(fields[7]),
                fields[9]));
      }
    }
    return rows;
  }

  /** Returns whether this socket is why nobody else can listen there. */
  boolean holds(InetAddress wanted, int wantedPort) {
    return port == wantedPort
        && (address.equals(wanted) || address.isAnyLocalAddress() || wanted.isAnyLocalAddress());
  }

  /** Addresses are shown as words of 32 bits in the byte order of the machine. */
  private static InetAddress address(String words) throws UnknownHostException {
    ByteBuffer bytes = ByteBuffer.allocate(words.length() / 2).order(ByteOrder.nativeOrder());
    for (int i = 0; i < words.length(); i += 8) {
      bytes.putInt(Integer.parseUnsignedInt(words.substring(i, i + 8), 16));
    }
    return InetAddress.getByAddress(bytes.array());
  }
}
