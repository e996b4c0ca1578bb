package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CommandHealthCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instance WEB =
      new Instance("web", Color.GREEN, 2, Optional.of(URI.create("http://127.0.0.1:5006")));

  private final List<CommandHealthCheck> checks = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    checks.forEach(CommandHealthCheck::close);
  }

  @Test
  void exitCode0IsUpAndAnyOtherEndIsDown() {
    assertThat(probe("true")).isEqualTo(Health.up("exit code 0"));
    assertThat(probe("sh", "-c", "echo why; exit 3"))
        .isEqualTo(Health.down("sh: exit code 3: why"));
    assertThat(probe("/no/such/program").toString())
        .startsWith("DOWN (/no/such/program: ")
        .contains("No such file");
  }

  @Test
  void placeholdersInEachArgumentAreFilledInAndPassedOnAsTheyAre() {
    assertThat(
            probe("echo", "{service} {color}", "{index}", "{host}:{port}", "$HOME;", "{{\"a\":1}}"))
        .isEqualTo(Health.up("exit code 0: web green 2 127.0.0.1:5006 $HOME; {\"a\":1}"));
  }

  @Test
  void versionIsFilledInAndNothingRunsWhereItIsNotKnown() {
    Instance known =
        new Instance("web", Color.BLUE, 0, Optional.empty(), Optional.of("1.4+b2"), false);
    Instance door = new Instance("web", Color.BLUE, 0, Optional.empty(), Optional.empty(), true);

    assertThat(check("echo", "v{version}").probe(known).join())
        .isEqualTo(Health.up("exit code 0: v1.4+b2"));
    assertThat(check("echo", "v{version}").probe(WEB).join())
        .isEqualTo(Health.down("the version of " + WEB + " is not known, which v{version} needs"));
    assertThat(check("false", "v{version}").probe(door).join())
        .isEqualTo(Health.up("not asked: the version is not known, which v{version} needs"));
  }

  @Test
  void instanceWithoutTheEndpointToFillInIsDown() {
    Instance bot = new Instance("bot", Color.BLUE, 0, Optional.empty());

    assertThat(check("echo", "{service}").probe(bot).join().up()).isTrue();
    assertThat(check("echo", "{port}").probe(bot).join())
        .isEqualTo(Health.down("bot/blue[0] has no endpoint for {port}"));
  }

  @Test
  void cancellingKillsTheProgramAndItsDescendants() throws Exception {
    Path pids = directory.resolve("pids");
    CompletableFuture<Health> health =
        check("sh", "-c", "sleep 600 & echo $! $$ >> " + pids + "; wait").probe(WEB);
    List<ProcessHandle> processes = processes(pids, 2);
    assertThat(processes).allMatch(ProcessHandle::isAlive);
    health.cancel(true);

    await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void closingKillsRunningProgramsAndAnswersWaitingProbesWithDown() throws Exception {
    Path pids = directory.resolve("pids");
    CommandHealthCheck check = check("sh", "-c", "echo $$ >> " + pids + "; exec sleep 600");
    List<CompletableFuture<Health>> probes = new ArrayList<>();
    for (int i = 0; i < CommandHealthCheck.AT_ONCE + 5; i++) {
      probes.add(check.probe(WEB));
    }
    List<ProcessHandle> processes = processes(pids, CommandHealthCheck.AT_ONCE);
    check.close();

    assertThat(probes).allMatch(probe -> !probe.join().up());
    await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(check("true").probe(WEB).join().up()).isTrue();
    assertThat(check.probe(WEB)).isNotDone();
  }

  @Test
  void templateThatCanNotBeFilledInIsRefused() {
    refuses(List.of(), "argv: expected a program");
    refuses(
        List.of("curl", "-s", "http://{host}:{port}/{path}"),
        "argv[2]: the placeholder {path} at character 22 is unknown; known are {address} {color}");
    refuses(
        List.of("grpcurl", "-d", "{\"service\":\"{service}\"}"),
        "argv[2]: the brace at character 1 stands alone; write each brace that is text twice, {{");
    refuses(List.of("{service}"), "argv: expected the name of a program without placeholders");
    refuses(List.of("a", "\0"), "argv: an argument has a NUL");
  }

  private static void refuses(List<String> argv, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommandHealthCheck.of(argv))
        .withMessageStartingWith(message);
  }

  private static List<ProcessHandle> processes(Path pids, int expected) throws IOException {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.exists(pids) && Files.readString(pids).split("\\s+").length == expected);
    return Stream.of(Files.readString(pids).split("\\s+"))
        .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
        .toList();
  }

  private Health probe(String... argv) {
    return check(argv).probe(WEB).join();
  }

  private CommandHealthCheck check(String... argv) {
    CommandHealthCheck check = CommandHealthCheck.of(List.of(argv));
    checks.add(check);
    return check;
  }
}
