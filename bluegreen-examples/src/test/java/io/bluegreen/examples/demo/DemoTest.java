package io.bluegreen.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.support.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the demo as a person does: as a process. */
class DemoTest {
  private static final long LIMIT_SECONDS = 180;

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNothing() {
    started.forEach(Process::destroyForcibly);
    ours().forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void onTheEmbeddedRouterNothingFailsNothingIsStaleAndEveryDeploymentEndsAsTold()
      throws Exception {
    Process demo = start("--json");
    assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    List<String> lines = Files.readAllLines(folder.resolve("out"));
    assertThat(demo.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(lines).as("standard output has the JSON line, and nothing else").hasSize(1);
    Map<String, Json> json = Json.read(lines.get(0).getBytes(StandardCharsets.UTF_8)).members();
    assertThat(json.keySet())
        .containsExactly(
            "router",
            "requests",
            "failed",
            "stale",
            "switches",
            "switch_ms",
            "outcomes",
            "seconds");
    assertThat(json.get("outcomes"))
        .hasToString("[\"PROMOTED\",\"PROMOTED\",\"REJECTED\",\"PROMOTED\",\"ROLLED_BACK\"]");
    assertThat(json.get("failed")).hasToString("0");
    assertThat(json.get("stale")).hasToString("0");
    assertThat(json.get("switches")).hasToString("14");
    assertThat(json.get("switch_ms").members().keySet()).containsExactly("p50", "max");
    assertNothingLeft();
  }

  @Test
  void interruptedInTheMiddleItLeavesNoProcessAndNoFile() throws Exception {
    Process demo = start();
    while (!said("> deploy v2")) {
      assertThat(demo.waitFor(20, TimeUnit.MILLISECONDS)).as("it has ended by itself").isFalse();
    }
    assertThat(ours()).as("a version runs meanwhile").isNotEmpty();
    demo.destroy();

    assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).as("128 + SIGTERM").isEqualTo(143);
    assertNothingLeft();
  }

  @Test
  void anUnknownRouterIsRefusedWithTheChoices() throws Exception {
    Process demo = start("--router", "squid");
    assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    assertThat(demo.exitValue()).isEqualTo(2);
    assertThat(folder.resolve("err")).content().contains("'squid'").contains("embedded");
    assertNothingLeft();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Demo.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    started.add(process);
    return process;
  }

  private boolean said(String line) throws IOException {
    return Files.readAllLines(folder.resolve("out")).contains(line);
  }

  private void assertNothingLeft() throws IOException {
    assertThat(ours()).as("processes that are left").isEmpty();
    try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
      assertThat(files).as("files that are left").isEmpty();
    }
  }

  /** Every version is told to keep its files in the demo's directory, which is in ours. */
  private List<ProcessHandle> ours() {
    return ProcessHandle.allProcesses()
        .filter(process -> started.stream().noneMatch(s -> s.pid() == process.pid()))
        .filter(
            process -> process.info().commandLine().orElse("").contains(folder.toString() + "/tmp"))
        .toList();
  }
}
