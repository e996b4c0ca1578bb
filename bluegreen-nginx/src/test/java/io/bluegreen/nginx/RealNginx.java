package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** The nginx of the system, started with a configuration of its own. */
final class RealNginx implements AutoCloseable {
  static {
    // A wait ends as soon as its condition holds; only a test that fails takes this long.
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }

  private final Path conf;
  private Process master;

  RealNginx(Path conf) throws IOException, InterruptedException {
    this.conf = conf;
    start();
  }

  /** The workers are another user than the one that tests: they must be able to get there. */
  static Path open(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return directory;
  }

  void start() throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(command());
    argv.addAll(List.of("-g", "daemon off;"));
    Path output = conf.resolveSibling("output.txt");
    master =
        new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              if (!master.isAlive()) {
                throw new IllegalStateException("nginx ended: " + Files.readString(output));
              }
              return master.children().count() > 0;
            });
  }

  /** Waits for the workers that start one after the other: as many as this JVM has processors. */
  void awaitAllWorkers() {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                workers().stream()
                        .flatMap(worker -> NginxWorkers.around(worker.pid()).stream())
                        .count()
                    >= Runtime.getRuntime().availableProcessors());
  }

  List<String> command() {
    return command(conf);
  }

  static List<String> command(Path conf) {
    return List.of("nginx", "-p", conf.getParent() + "/", "-c", conf.toString());
  }

  void edit(UnaryOperator<String> change) throws IOException {
    Files.writeString(conf, change.apply(Files.readString(conf)));
  }

  /** Returns the exit code of {@code nginx -s SIGNAL}, or {@code -t}. */
  int run(String... more) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(command());
    argv.addAll(List.of(more));
    Process process =
        new ProcessBuilder(argv)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor();
  }

  /**
   * Reloads as a person does, and returns when no worker from before is left: until then both
   * configurations are answered by in turn.
   */
  void reload() throws IOException, InterruptedException {
    Set<ProcessHandle> before = Set.copyOf(workers());
    assertThat(run("-s", "reload")).isZero();
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !workers().isEmpty() && workers().stream().noneMatch(before::contains));
  }

  List<ProcessHandle> workers() {
    return master.children().toList();
  }

  long pid() {
    return master.pid();
  }

  /** Ends it; returns when neither master nor workers are left. */
  void stop() {
    List<ProcessHandle> workers = workers();
    master.destroy();
    try {
      master.onExit().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException late) {
      master.destroyForcibly().onExit().join();
    }
    workers.forEach(ProcessHandle::destroyForcibly);
  }

  /** Kills it like a crash of the machine: nothing is cleaned up. */
  void kill() {
    List<ProcessHandle> workers = workers();
    master.destroyForcibly().onExit().join();
    workers.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    stop();
  }
}
