package io.bluegreen.launch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the kernel says about the TCP sockets of this machine, and which processes have them. */
record SocketTable(ProcessTable processes) {
  /**
   * Returns whether somebody listens at an address; one that is bound, and not listened at, is not
   * in the table.
   *
   * @throws IOException if it can't be read
   */
  boolean listened(InetSocketAddress wanted) throws IOException {
    return !listening(wanted).isEmpty();
  }

  /**
   * Returns the numbers of the processes that keep others from listening at an address, as far as
   * they show themselves to this user.
   *
   * @throws IOException if it can't be read
   */
  Set<Long> holders(InetSocketAddress wanted) throws IOException {
    return holders(rows(wanted));
  }

  /**
   * Returns the sockets at which somebody accepts connections to an address.
   *
   * @throws IOException if it can't be read
   */
  List<SocketRow> listening(InetSocketAddress wanted) throws IOException {
    return rows(wanted).stream().filter(SocketRow::listens).toList();
  }

  /**
   * Returns the numbers of the processes that have one of these sockets, as far as they show
   * themselves to this user.
   *
   * @throws IOException if it can't be read
   */
  Set<Long> holders(List<SocketRow> rows) throws IOException {
    Set<String> sockets = new HashSet<>();
    rows.forEach(row -> sockets.add("socket:[" + row.inode() + "]"));
    Set<Long> holders = new LinkedHashSet<>();
    for (long pid : processes.pids()) {
      if (opens(pid, sockets)) {
        holders.add(pid);
      }
    }
    return holders;
  }

  private List<SocketRow> rows(InetSocketAddress wanted) throws IOException {
    List<SocketRow> rows = new ArrayList<>();
    for (String file : List.of("net/tcp", "net/tcp6")) {
      if (Files.exists(processes.root().resolve("self/" + file))) { // No tcp6 where IPv6 is off.
        rows.addAll(SocketRow.parse(processes.read("self/" + file)));
      }
    }
    return rows.stream().filter(row -> row.holds(wanted.getAddress(), wanted.getPort())).toList();
  }

  private boolean opens(long pid, Set<String> sockets) {
    Path directory = processes.root().resolve(pid + "/fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory)) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException endedOrForeign) {
      return false;
    }
    return false;
  }
}
