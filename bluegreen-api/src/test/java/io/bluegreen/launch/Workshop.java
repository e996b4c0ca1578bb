package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.FreePorts;
import io.bluegreen.Group;
import io.bluegreen.LaunchState;
import io.bluegreen.Service;
import io.bluegreen.Slot;
import io.bluegreen.TimeSource;
import io.bluegreen.testing.VirtualTime;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A place for real processes that leaves none behind. */
final class Workshop {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final String FOREVER = "exec sleep 600";

  final Path runDirectory;
  final String token = UUID.randomUUID().toString().replace("-", "");
  final String anotherToken = token + "0";
  private final List<Slot> slots = new ArrayList<>();
  private final List<Process> strangers = new ArrayList<>();

  Workshop(Path runDirectory) {
    this.runDirectory = runDirectory.resolve("run");
  }

  /** A launcher whose processes run a script. */
  ProcessLauncher script(String script, String... arguments) {
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "script"));
    argv.addAll(Arrays.asList(arguments));
    return ProcessLauncher.command(argv.toArray(String[]::new)).runDirectory(runDirectory);
  }

  /** The green slot of a service with instances at free ports. */
  Slot slot(int instances) {
    return slotAt(instances == 0 ? new int[0] : freePorts(instances));
  }

  Slot slotAt(int... ports) {
    Service service =
        ports.length == 0
            ? Service.background("bot")
            : Service.named("web")
                .blue("http://127.0.0.1:1")
                .green(
                    Arrays.stream(ports)
                        .mapToObj(port -> "http://127.0.0.1:" + port)
                        .toArray(String[]::new));
    Slot slot = new Group("shop", List.of(service)).slot(service.name(), Color.GREEN);
    slots.add(slot);
    return slot;
  }

  static int[] freePorts(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(FreePorts.listen(1));
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
  }

  /** A process that the launcher did not start, with these variables besides its own. */
  HostProcess stranger(String... variables) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    for (int i = 0; i < variables.length; i += 2) {
      builder.environment().put(variables[i], variables[i + 1]);
    }
    Process process = builder.start();
    strangers.add(process);
    return table().find(process.pid()).orElseThrow();
  }

  ProcessTable table() {
    return new ProcessTable(Path.of("/proc"));
  }

  boolean runs(HostProcess process) throws IOException {
    return table().runs(process);
  }

  List<HostProcess> processes(Slot slot) throws IOException {
    return processes(slot, token);
  }

  List<HostProcess> processes(Slot slot, String ofToken) throws IOException {
    return new LaunchedProcesses(table(), LaunchId.of(slot, ofToken), new VirtualTime()).find();
  }

  /**
   * Waits until so many processes show the mark of the launch: one that is becoming another program
   * shows no environment for a moment.
   */
  List<HostProcess> awaitProcesses(Slot slot, int count) throws IOException {
    List<HostProcess> found = new ArrayList<>();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              found.clear();
              found.addAll(processes(slot));
              assertThat(found).hasSize(count);
            });
    return found;
  }

  Path file(Slot slot, String suffix) {
    return runDirectory
        .resolve(slot.group())
        .resolve(slot.service().name() + "." + slot.color().label() + suffix);
  }

  String output(Slot slot, int index) throws IOException {
    Path file = file(slot, "." + index + ".log");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  void awaitOutput(Slot slot, int index, String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(output(slot, index)).contains(text));
  }

  LaunchState awaitState(ProcessLauncher launcher, Slot slot, LaunchState.Kind kind) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(launcher.state(slot, token)).extracting("kind").isEqualTo(kind));
    return launcher.state(slot, token);
  }

  /** Kills all processes that still bear the mark of a launch. */
  void close() throws Exception {
    Thread.interrupted();
    for (Slot slot : slots) {
      new LaunchedProcesses(table(), LaunchId.of(slot, token), TimeSource.system())
          .end(Duration.ZERO, List.of());
    }
    for (Process stranger : strangers) {
      stranger.destroyForcibly().waitFor();
    }
  }
}
