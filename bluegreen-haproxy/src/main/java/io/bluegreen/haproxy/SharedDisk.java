package io.bluegreen.haproxy;

import io.bluegreen.RouterGuarantee;
import io.bluegreen.RouterReport.Warning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds out whether a HAProxy loads a file of this machine's disk. A unix socket leads to a process
 * of this machine. A TCP address may lead anywhere: equal paths and equal contents prove nothing,
 * because a HAProxy elsewhere may have a copy. So the process that answers has to run on this
 * machine, which its listening socket shows, and has to see the very directory of the file, which
 * device and inode show.
 */
final class SharedDisk {
  private static final String LISTENS = "0A";

  private SharedDisk() {}

  /**
   * Returns why that is not proven, and what to change; empty if it is.
   *
   * @param file an absolute path
   */
  static Optional<Warning> unproven(RuntimeApi api, Path file) {
    Optional<InetSocketAddress> address = api.wire().tcpAddress();
    if (address.isEmpty() || isOurs(address.get(), api.info().pid(), file)) {
      return Optional.empty();
    }
    return Optional.of(
        new Warning(
            "HAProxy is reached over TCP ("
                + api
                + "), and it is not proven that it loads "
                + file
                + " of this machine",
            "run this program where HAProxy runs and name its unix socket with"
                + " RuntimeApi.unix(...), or, for TCP, run it as root or as HAProxy's own user"
                + " there",
            Optional.of(RouterGuarantee.RELOAD_SAFE)));
  }

  private static boolean isOurs(InetSocketAddress address, long pid, Path file) {
    try {
      Path process = Path.of("/proc", Long.toString(pid));
      return NetworkInterface.getByInetAddress(address.getAddress()) != null
          && holds(process, listening(address.getPort()))
          && sees(loader(process), file);
    } catch (IOException | UncheckedIOException | IndexOutOfBoundsException notOursToSee) {
      return false;
    }
  }

  /**
   * Returns the sockets that listen at a port to which this program connects (proc(5), net/tcp).
   */
  private static Set<String> listening(int port) throws IOException {
    Set<String> inodes = new HashSet<>();
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      Path path = Path.of(table);
      if (Files.exists(path)) {
        // The file is read line by line: a busy machine has a line for each of its connections.
        try (Stream<String> lines = Files.lines(path, StandardCharsets.ISO_8859_1)) {
          lines
              .map(line -> line.strip().split("\\s+", -1))
              .filter(cells -> cells.length > 9 && cells[3].equals(LISTENS))
              .filter(cells -> cells[1].endsWith(String.format(":%04X", port)))
              .forEach(cells -> inodes.add("socket:[" + cells[9] + "]"));
        }
      }
    }
    return inodes;
  }

  private static boolean holds(Path process, Set<String> sockets) throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Returns the process that loads files: a worker may be shut into a directory after it has
   * loaded, but its master is not.
   */
  private static Path loader(Path process) throws IOException {
    String stat = Files.readString(process.resolve("stat"));
    String parent = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1)[1];
    Path master = process.resolveSibling(parent);
    Path name = Path.of("comm");
    return Files.readString(master.resolve(name)).equals(Files.readString(process.resolve(name)))
        ? master
        : process;
  }

  private static boolean sees(Path process, Path file) throws IOException {
    Path directory = Optional.ofNullable(file.getParent()).orElse(file);
    Path theirs = process.resolve("root").resolve(directory.toString().substring(1));
    return Files.isDirectory(theirs) && Files.isSameFile(theirs, directory);
  }
}
