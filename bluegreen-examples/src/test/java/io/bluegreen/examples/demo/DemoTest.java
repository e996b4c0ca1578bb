package io.bluegreen.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.support.Json;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the demo as a person does: as a process. */
@Tag("long")
class DemoTest {
  private static final long LIMIT_SECONDS = 180;

  @TempDir Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNothing() {
    started.forEach(Process::destroyForcibly);
    ours().forEach(ProcessHandle::destroyForcibly);
  }

  @ParameterizedTest
  @CsvSource({
    "--router embedded",
    "--router nginx",
    "--router nginx --mode reload",
    "--router haproxy",
    "--router haproxy --mode server"
  })
  void nothingFailsNothingIsStaleAndEveryDeploymentEndsAsTold(String arguments) throws Exception {
    Process demo = start((arguments + " --json").split(" "));
    assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    List<String> lines = Files.readAllLines(folder.resolve("out"));
    assertThat(demo.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(lines).as("standard output has the JSON line, and nothing else").hasSize(1);
    Map<String, Json> json = Json.read(lines.get(0).getBytes(StandardCharsets.UTF_8)).members();
    assertThat(json.keySet())
        .startsWith(
            "router",
            "requests",
            "failed",
            "stale",
            "switches",
            "switch_ms",
            "outcomes",
            "seconds",
            "candidate_errors",
            "detected_ms");
    assertThat(json.keySet()).hasSize(resends(arguments) ? 11 : 10);
    assertThat(json.containsKey("retried")).isEqualTo(resends(arguments));
    assertThat(json.get("router")).hasToString('"' + arguments.split(" ")[1] + '"');
    assertThat(json.get("outcomes"))
        .hasToString(
            "[\"PROMOTED\",\"PROMOTED\",\"REJECTED\",\"PROMOTED\",\"WENT_BACK\",\"ROLLED_BACK\"]");
    assertThat(json.get("failed")).hasToString("0");
    assertThat(json.get("stale")).hasToString("0");
    assertThat(json.get("switches")).hasToString("16");
    assertThat(json.get("candidate_errors").integer().orElseThrow()).isPositive();
    assertThat(new BigDecimal(json.get("detected_ms").toString())).isPositive();
    assertThat(folder.resolve("err")).content().contains("gate errors failed: more than 3.00 %");
    assertThat(json.get("switch_ms").members().keySet()).containsExactly("p50", "max");
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({
    "--router embedded",
    "--router nginx",
    "--router nginx --mode reload",
    "--router haproxy",
    "--router haproxy --mode server"
  })
  void interruptedInTheMiddleItLeavesNoProcessAndNoFile(String arguments) throws Exception {
    Process demo = start(arguments.split(" "));
    while (!said("> deploy v2")) {
      assertThat(demo.waitFor(20, TimeUnit.MILLISECONDS)).as("it has ended by itself").isFalse();
    }
    assertThat(ours()).as("a version runs meanwhile").isNotEmpty();
    List<ProcessHandle> running = demo.descendants().toList();
    demo.destroy();

    assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(demo.exitValue()).as("128 + SIGTERM").isEqualTo(143);
    assertThat(running).as("workers of a proxy, too").noneMatch(ProcessHandle::isAlive);
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"nginx", "haproxy"})
  void whereThereIsNoSuchProxyItSaysHowToGetIt(String proxy) throws Exception {
    Process demo = start(Map.of("PATH", folder.toString()), "--router", proxy);
    assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    assertThat(demo.exitValue()).isEqualTo(1);
    assertThat(folder.resolve("err")).content().contains("apt-get install " + proxy);
    assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"embedded --mode reload", "nginx --mode map", "haproxy --mode live"})
  void aModeThatTheRouterDoesNotHaveIsRefused(String arguments) throws Exception {
    Process demo = start(("--router " + arguments).split(" "));
    assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    assertThat(demo.exitValue()).isEqualTo(2);
    assertThat(folder.resolve("err")).content().contains("--mode");
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

  /** As nginx's own documentation of keepalive_min_timeout has it: since 1.27.4. */
  private static boolean resends(String arguments) throws Exception {
    if (!arguments.endsWith("reload")) {
      return false;
    }
    Process nginx = new ProcessBuilder("nginx", "-v").redirectErrorStream(true).start();
    String said = new String(nginx.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    String version = said.strip().replaceFirst(".*nginx/([0-9.]+).*", "$1");
    return ModuleDescriptor.Version.parse(version)
            .compareTo(ModuleDescriptor.Version.parse("1.27.4"))
        < 0;
  }

  private Process start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    // Workers of an nginx that root starts are another user, and must get to their files.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // As the script does.
    command.add("-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Demo.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
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

  /** Every version and proxy is told to keep its files in the demo's directory, in ours. */
  private List<ProcessHandle> ours() {
    return ProcessHandle.allProcesses()
        .filter(process -> started.stream().noneMatch(s -> s.pid() == process.pid()))
        .filter(
            process -> process.info().commandLine().orElse("").contains(folder.toString() + "/tmp"))
        .toList();
  }
}
