package io.bluegreen.examples.benchmark;

import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.SwitchMode;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures only what no switch can do without: the commands, each over a connection of its own
 * whose reply is read and ignored; and the replacement of a file. The commands give HAProxy the
 * values that it has already.
 */
final class HaproxyBenchmarkBare {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Path admin;
  private final Path master;
  private final Path record;
  private final SwitchMode mode;
  private final TimeSource time;
  private final ByteBuffer reply = ByteBuffer.allocate(256 * 1024);
  private int commands;

  HaproxyBenchmarkBare(Path directory, Path record, SwitchMode mode, TimeSource time) {
    this.admin = directory.resolve("admin.sock");
    this.master = directory.resolve("master.sock");
    this.record = record;
    this.mode = mode;
    this.time = time;
  }

  /** Returns how long the round trips of one switch take, one after the other. */
  Duration ask() throws Exception {
    // A connection that is never answered would be waited for without end.
    return time.within(LIMIT, mode == SwitchMode.MAP ? this::map : this::servers);
  }

  /** Returns how many they are. */
  int commands() {
    return commands;
  }

  /** Returns how long a file of the record's size takes until its name is on the disk, too. */
  Duration replace() throws IOException {
    byte[] content = Files.readAllBytes(record);
    Path target = record.resolveSibling("bare");
    Path copy = record.resolveSibling("bare.tmp");
    Duration start = time.elapsed();
    try (FileChannel file =
        FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(content));
      file.force(true);
    }
    Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(target.resolveSibling("."))) {
      folder.force(true);
    }
    return time.elapsed().minus(start);
  }

  private Duration map() throws IOException {
    commands = 0;
    String file = record.toString();
    Duration start = time.elapsed();
    settled();
    String entries = trip(admin, "show map " + file);
    trip(admin, "show servers state");
    String version = trip(admin, "prepare map " + file).replaceAll("\\D", "");
    trip(admin, "add map @" + version + " " + file + " <<\n" + payload(entries));
    trip(admin, "show map @" + version + " " + file);
    trip(admin, "commit map @" + version + " " + file);
    trip(admin, "show map " + file);
    trip(master, "show proc");
    return time.elapsed().minus(start);
  }

  private Duration servers() throws IOException {
    commands = 0;
    Duration start = time.elapsed();
    settled();
    for (String set : sets(trip(admin, "show servers state"))) {
      trip(admin, set);
    }
    trip(admin, "show servers state");
    trip(master, "show proc");
    return time.elapsed().minus(start);
  }

  private void settled() throws IOException {
    trip(master, "show proc");
    trip(admin, "show info");
  }

  /** Each line is an address, a key and a value. */
  private static String payload(String entries) {
    StringBuilder payload = new StringBuilder();
    for (String line : entries.strip().lines().toList()) {
      payload.append(line.substring(line.indexOf(' ') + 1)).append('\n');
    }
    return payload.toString();
  }

  /** The weights that the servers have. */
  private static List<String> sets(String state) {
    List<String> sets = new ArrayList<>();
    for (String line : state.lines().toList()) {
      String[] cells = line.split(" ", -1);
      if (cells.length > 8 && !line.startsWith("#")) {
        sets.add("set server " + cells[1] + "/" + cells[3] + " weight " + cells[7]);
      }
    }
    return sets;
  }

  private String trip(Path socket, String command) throws IOException {
    commands++;
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
      // A master keeps the connection open until we have nothing more to say.
      channel.shutdownOutput();
      reply.clear();
      int read = 0;
      while (read >= 0 && reply.hasRemaining()) {
        read = channel.read(reply);
      }
      return StandardCharsets.US_ASCII.decode(reply.flip()).toString();
    }
  }
}
