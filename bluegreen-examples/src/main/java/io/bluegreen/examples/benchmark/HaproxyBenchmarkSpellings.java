package io.bluegreen.examples.benchmark;

import io.bluegreen.Color;
import io.bluegreen.Deadline;
import io.bluegreen.TimeSource;
import io.bluegreen.examples.demo.Cleanup;
import io.bluegreen.examples.demo.DemoApplication;
import io.bluegreen.examples.demo.DemoDirectory;
import io.bluegreen.examples.demo.PlainConnection;
import io.bluegreen.haproxy.RuntimeApi;
import io.bluegreen.haproxy.RuntimeApiException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares two spellings of a split in a map: the integer that the router writes, {@code 25:42},
 * and {@code blue:green:25}, which names both colours. It tells how near each comes to a share, and
 * what a request costs HAProxy's process, compared with a frontend that looks nothing up.
 */
final class HaproxyBenchmarkSpellings {
  private static final int[] SHARES = {1, 10, 25, 50, 75, 90, 99};
  private static final int BATCH = 250;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String CONFIG =
      """
      global
          nbthread 1
          stats socket DIR/admin.sock mode 600 level admin
      defaults
          mode http
          timeout connect 2s
          timeout client 60s
          timeout server 60s
      frontend nothing
          bind 127.0.0.1:DOOR0
          default_backend web_blue
      frontend integer
          bind 127.0.0.1:DOOR1
          http-request set-var(txn.split) str(web),map_str(DIR/integer.map,0:0)
          http-request set-var(txn.green) var(txn.split),field(1,:)
          http-request set-var(txn.dice) rand(100)
          use_backend web_green if { var(txn.dice),sub(txn.green) lt 0 }
          default_backend web_blue
      frontend colours
          bind 127.0.0.1:DOOR2
          http-request set-var(txn.plan) str(web),map_str(DIR/colours.map,blue:green:0)
          http-request set-var(txn.col) var(txn.plan),field(1,:)
          http-request set-var(txn.pct) var(txn.plan),field(3,:)
          http-request set-var(txn.dice) rand(100)
          http-request set-var(txn.col) var(txn.plan),field(2,:) if { var(txn.dice),sub(txn.pct) lt 0 }
          use_backend web_%[var(txn.col)]
      backend web_blue
          server s1 127.0.0.1:BLUE
      backend web_green
          server s1 127.0.0.1:GREEN
      """;

  private final Path directory;
  private final int requests;
  private final Cleanup begun;
  private final TimeSource time;
  private final List<String> names = List.of("no lookup", "integer 25:42", "blue:green:25");
  private final List<List<Double>> cost =
      List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

  HaproxyBenchmarkSpellings(Path directory, int requests, Cleanup begun, TimeSource time) {
    this.directory = directory;
    this.requests = requests;
    this.begun = begun;
    this.time = time;
  }

  /** Returns what is to be printed. */
  List<String> run() throws IOException, InterruptedException {
    List<Integer> doors = DemoDirectory.freePorts(names.size());
    Process haproxy = start(doors);
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, "%-8s %14s %14s", "share %", names.get(1), names.get(2)));
    for (int share : SHARES) {
      RuntimeApi admin = admin();
      admin.setMap(directory.resolve("integer.map"), "web", share + ":42");
      admin.setMap(directory.resolve("colours.map"), "web", "blue:green:" + share);
      double[] green = measure(haproxy, doors);
      lines.add(String.format(Locale.ROOT, "%-8d %14.2f %14.2f", share, green[1], green[2]));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%-8s %14.3f %14.3f   of HAProxy's time for a request without a lookup (%.1f us)",
            "cost",
            median(cost.get(1)),
            median(cost.get(2)),
            median(cost.get(0))));
    return lines;
  }

  /**
   * Asks all three in turns, in another order each time, so that a machine that is busy for a while
   * is so for all.
   */
  private double[] measure(Process haproxy, List<Integer> doors) throws IOException {
    long[] green = new long[names.size()];
    int asked = 0;
    for (int round = 0; asked < requests; round++) {
      int batch = Math.min(BATCH, requests - asked);
      double[] micros = new double[names.size()];
      for (int turn = 0; turn < micros.length; turn++) {
        int i = (turn + round) % micros.length;
        long before = worked(haproxy);
        green[i] += ask(doors.get(i), batch);
        micros[i] = (worked(haproxy) - before) / 1e3 / batch;
      }
      cost.get(0).add(micros[0]);
      cost.get(1).add(micros[1] / micros[0]);
      cost.get(2).add(micros[2] / micros[0]);
      asked += batch;
    }
    double[] percent = new double[names.size()];
    for (int i = 0; i < percent.length; i++) {
      percent[i] = 100.0 * green[i] / requests;
    }
    return percent;
  }

  /** Returns how many nanoseconds its only thread was on a processor. */
  private static long worked(Process haproxy) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(haproxy.pid()), "schedstat"));
    return Long.parseLong(stat.substring(0, stat.indexOf(' ')));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get((values.size() - 1) / 2);
  }

  private static long ask(int door, int count) throws IOException {
    long green = 0;
    try (PlainConnection connection =
        new PlainConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), door))) {
      for (int i = 0; i < count; i++) {
        green += connection.get("/", true).color().orElseThrow() == Color.GREEN ? 1 : 0;
      }
    }
    return green;
  }

  private RuntimeApi admin() {
    return RuntimeApi.unix(directory.resolve("admin.sock"));
  }

  private Process start(List<Integer> doors) throws IOException, InterruptedException {
    String config = CONFIG.replace("DIR", directory.toString());
    for (int i = 0; i < doors.size(); i++) {
      config = config.replace("DOOR" + i, doors.get(i).toString());
    }
    for (Color color : Color.values()) {
      DemoApplication application = begun.add(new DemoApplication(0, color.label(), color));
      config = config.replace(color.name(), Integer.toString(application.port()));
    }
    Path file = Files.writeString(directory.resolve("haproxy.cfg"), config);
    Files.writeString(directory.resolve("integer.map"), "web 0:0\n");
    Files.writeString(directory.resolve("colours.map"), "web blue:green:0\n");
    Process haproxy =
        new ProcessBuilder("haproxy", "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.txt").toFile())
            .start();
    begun.add(() -> haproxy.destroyForcibly().waitFor());
    awaitServing(haproxy);
    return haproxy;
  }

  private void awaitServing(Process haproxy) throws IOException, InterruptedException {
    Deadline end = time.deadline(PATIENCE);
    while (true) {
      try {
        admin().info();
        return;
      } catch (RuntimeApiException notYet) {
        if (!haproxy.isAlive() || end.over()) {
          throw new IOException(
              "haproxy does not run: " + Files.readString(directory.resolve("output.txt")));
        }
      }
      time.sleep(Duration.ofMillis(20));
    }
  }
}
