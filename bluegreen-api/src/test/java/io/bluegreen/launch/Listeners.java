package io.bluegreen.launch;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Programs of others that listen at a port, none of which is left behind. */
final class Listeners implements AutoCloseable {
  private static final String LISTENS =
      "use IO::Socket::INET; $| = 1;"
          + " my @s = map { IO::Socket::INET->new(LocalAddr => $_, Listen => 5, ReuseAddr => 1)"
          + " or die $! } grep { /:/ } @ARGV;";

  /** One process that listens at all of its addresses. */
  static final String ONE = LISTENS + " sleep 600";

  /** A master with two workers that have its sockets. */
  static final String MASTER = LISTENS + " for (1, 2) { fork or sleep 600 } sleep 600";

  /** Two workers whose master has ended. */
  static final String ORPHANS = LISTENS + " for (1, 2) { fork or sleep 600 }";

  /** One that leads a session, in which it has left a process that is not its child any more. */
  static final String DETACHED =
      "use POSIX; fork and sleep 600; POSIX::setsid(); if (!fork) { fork or exec 'sleep', 600;"
          + " exit } wait; "
          + ONE;

  /** One that has started its listener, and does not listen itself. */
  static final String STARTER =
      "fork or exec 'perl', '-e', '" + ONE.replace("'", "\\'") + "', @ARGV; sleep 600";

  private final Path directory;
  private final ProcessTable table = new ProcessTable(Path.of("/proc"));
  private final Set<ProcessHandle> started = new HashSet<>();

  Listeners(Path directory) {
    this.directory = directory;
  }

  /** Starts one at a port of 127.0.0.1, and returns those that have its socket. */
  List<HostProcess> start(String program, int port, String... more) {
    return start("perl", program, "127.0.0.1", port, more);
  }

  /** Starts one under a name of its own, and returns those that have its socket. */
  List<HostProcess> start(String name, String program, String host, int port, String... more) {
    try {
      List<String> command = new ArrayList<>();
      if (name.equals("perl")) {
        command.addAll(List.of("perl", "-e", program));
      } else {
        Path script = directory.resolve(name);
        Files.writeString(script, "#!/usr/bin/perl\n" + program);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        command.add(script.toString());
      }
      command.add(host + ":" + port);
      command.addAll(Arrays.asList(more));
      Process process =
          new ProcessBuilder(command).redirectError(directory.resolve("said").toFile()).start();
      started.add(process.toHandle());
      InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
      SocketTable sockets = new SocketTable(table);
      int all = program.equals(MASTER) ? 3 : program.equals(ORPHANS) ? 2 : 1;
      await()
          .atMost(Workshop.PATIENCE)
          .until(() -> sockets.holders(sockets.listening(address)).size() == all);
      List<HostProcess> holders = new ArrayList<>();
      for (long pid : sockets.holders(sockets.listening(address))) {
        holders.add(table.find(pid).orElseThrow());
        ProcessHandle.of(pid).ifPresent(started::add);
      }
      return holders;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills all of them, and what they have started. */
  @Override
  public void close() {
    for (ProcessHandle one : started) {
      one.descendants().forEach(ProcessHandle::destroyForcibly);
      one.destroyForcibly();
    }
    started.forEach(one -> one.onExit().join());
  }
}
