package io.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** The real HAProxy with master and worker, in a directory of its own; ended whole by close. */
final class RealHaproxy implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(40);

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  final Path dir;
  private final List<ProcessHandle> seen = new ArrayList<>();
  private String masterLevel = "";
  private Process master;

  RealHaproxy() {
    try {
      dir = Files.createTempDirectory("hx");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void config(String text) {
    write("haproxy.cfg", text.replace("DIR", dir.toString()));
  }

  /** Gives the master's socket another level than admin; before it is started. */
  void masterLevel(String level) {
    masterLevel = ",level," + level;
  }

  void write(String file, String text) {
    try {
      Files.writeString(dir.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String file) {
    try {
      return Files.readString(dir.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    launch();
    try {
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptionsInstanceOf(RuntimeApiException.class)
          .until(
              () -> {
                if (!master.isAlive()) {
                  throw new IllegalStateException("HAProxy ended at once");
                }
                return settled();
              });
    } catch (ConditionTimeoutException | IllegalStateException e) {
      String log = read("log");
      close();
      throw new IllegalStateException("HAProxy does not serve: " + log, e);
    }
  }

  /** Starts it, and does not wait until it answers. */
  void launch() {
    try {
      master =
          new ProcessBuilder(
                  "haproxy",
                  "-W",
                  "-S",
                  file("master.sock") + masterLevel,
                  "-f",
                  file("haproxy.cfg"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("HAProxy must be installed for these tests", e);
    }
    seen.add(master.toHandle());
  }

  private boolean settled() {
    if (!masterLevel.isEmpty()) {
      // From 3.0 on a master does not tell everybody who its workers are.
      return masterAnswers() && api().info().pid() > 0;
    }
    // A connection that comes while the master starts is never answered: do not wait for it long.
    HaproxyWorkers workers = master().within(Duration.ofMillis(300)).workers();
    RuntimeApi api = api().within(Duration.ofSeconds(1));
    return workers.current().equals(List.of(api.info().pid()));
  }

  /** A master that still starts never answers, and a reload that it is told then is lost. */
  private boolean masterAnswers() {
    try {
      master().within(Duration.ofMillis(300)).workers();
      return true;
    } catch (RuntimeApiException e) {
      return !String.valueOf(e.getMessage()).contains("no whole reply in time");
    }
  }

  RuntimeApi api() {
    return RuntimeApi.unix(dir.resolve("admin.sock")).within(LONG);
  }

  MasterApi master() {
    return MasterApi.unix(dir.resolve("master.sock"));
  }

  String file(String name) {
    return dir.resolve(name).toString();
  }

  /** Stops the master, or lets it go on; its workers go on meanwhile. */
  void signalMaster(String signal) {
    signal(signal, master.pid());
  }

  /** Tells the master to reload; returns at once. */
  void reload() {
    remember();
    signal("-USR2", master.pid());
  }

  /**
   * Reloads and waits until the next worker serves. A master that still starts loses the signal,
   * though it answers: then it is told again.
   */
  void reloaded() {
    long before = api().info().pid();
    int times = 0;
    do {
      assertThat(times++).as("reloads that were lost").isLessThan(4);
      reload();
    } while (!serves(before));
  }

  private boolean serves(long before) {
    try {
      await()
          .atMost(LONG.dividedBy(4))
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptions()
          .until(() -> settled() && api().info().pid() != before);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  void kill9Worker() {
    remember();
    signal("-KILL", api().info().pid());
    ended();
  }

  void kill9Master() {
    remember();
    List<ProcessHandle> workers = master.toHandle().children().toList();
    signal("-KILL", master.pid());
    ended();
    // Its workers end softly by themselves; a test that restarts does not want to meet them.
    workers.forEach(ProcessHandle::destroyForcibly);
    workers.forEach(RealHaproxy::awaitDeath);
  }

  private void ended() {
    try {
      if (!master.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the master did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    remember();
  }

  private void remember() {
    if (master == null) {
      return;
    }
    master.toHandle().descendants().forEach(seen::add);
  }

  static void signal(String signal, long pid) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(pid)).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A zombie that nobody has reaped yet is dead, too. */
  private static void awaitDeath(ProcessHandle process) {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !process.isAlive() || !Files.exists(stat) || state(stat).equals("Z"));
  }

  private static String state(Path stat) {
    try {
      String text = Files.readString(stat);
      return text.substring(text.lastIndexOf(')') + 2).substring(0, 1);
    } catch (IOException gone) {
      return "Z";
    }
  }

  /**
   * Returns a port that was free just now, and that nobody here was given before. It is not one
   * that the system gives to clients: those come and go.
   */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (BindException taken) {
        GIVEN.add(port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    remember();
    seen.forEach(ProcessHandle::destroyForcibly);
    seen.forEach(RealHaproxy::awaitDeath);
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
