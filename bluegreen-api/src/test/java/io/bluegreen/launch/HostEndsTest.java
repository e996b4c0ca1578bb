package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bluegreen.LaunchState.Kind;
import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host in a JVM of its own, which leads a process group like a job of a shell, is ended. */
class HostEndsTest {
  private static final String TALKATIVE = "while :; do echo alive; sleep 0.05; done";

  @TempDir Path directory;
  private Workshop workshop;

  @BeforeEach
  void open() {
    workshop = new Workshop(directory);
  }

  @AfterEach
  void leaveNothingBehind() throws Exception {
    workshop.close();
  }

  /** INT is what Ctrl-C sends to a terminal's foreground group, HUP what closing it sends. */
  @ParameterizedTest
  @ValueSource(strings = {"KILL", "INT", "HUP", "TERM"})
  void launchedProcessRunsAndWritesOnAndIsStoppedByTheNextHost(String signal) throws Exception {
    Slot slot = workshop.slot(0);
    Process host = host();
    try (BufferedReader said = host.inputReader();
        ProcessLauncher next = workshop.script(TALKATIVE)) {
      assertThat(said.readLine()).isEqualTo("launched");
      new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " -" + host.pid()).start().waitFor();
      assertThat(host.waitFor(Workshop.PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("ended by %s", signal)
          .isTrue();
      assertThat(host.exitValue()).isNotZero();
      long lengthAtTheEnd = workshop.output(slot, 0).length();
      await()
          .atMost(Workshop.PATIENCE)
          .until(() -> workshop.output(slot, 0).length() > lengthAtTheEnd + 20);
      assertThat(next.state(slot, workshop.token).kind()).isEqualTo(Kind.RUNNING);
      next.stop(slot, workshop.token, Duration.ofSeconds(20));
      assertThat(workshop.processes(slot)).isEmpty();
      assertThat(next.state(slot, workshop.token).kind()).isEqualTo(Kind.ABSENT);
    } finally {
      host.destroyForcibly().waitFor();
    }
  }

  @Test
  void copiesThatAKilledHostLeftHalfWrittenAreRemovedByTheNextLaunchAndByAStop() throws Exception {
    Slot slot = workshop.slot(0);
    try (ProcessLauncher launcher = workshop.script(Workshop.FOREVER)) {
      launcher.launch(slot, Release.of("1"), workshop.token);
      Path record = workshop.file(slot, ".json");
      Path left = record.resolveSibling("." + record.getFileName() + ".0123456789abcdef.tmp");
      Files.createFile(left);
      launcher.stop(slot, workshop.token, Duration.ofSeconds(20));
      assertThat(left).doesNotExist();

      Files.createFile(left);
      launcher.launch(slot, Release.of("2"), workshop.anotherToken);
      assertThat(left).doesNotExist();
      launcher.stop(slot, workshop.anotherToken, Duration.ofSeconds(20));
    }
  }

  private Process host() throws Exception {
    // This JVM may run under nohup, or in the background of a shell: then it ignores some of these,
    // and so would a JVM that inherits that.
    return new ProcessBuilder(
            "env",
            "--default-signal=HUP,INT,TERM",
            "setsid",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            LaunchHost.class.getName(),
            directory.toString(),
            workshop.token,
            TALKATIVE)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
