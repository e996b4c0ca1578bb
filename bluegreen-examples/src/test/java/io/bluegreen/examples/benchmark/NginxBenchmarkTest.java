package io.bluegreen.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the benchmark works; what it says about speed is for a quiet machine. */
class NginxBenchmarkTest {
  private static final long LIMIT_SECONDS = 240;

  @TempDir Path folder;

  @Test
  void everyWayIsTriedAndLiveModeLosesAndMisroutesNothing() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Process benchmark =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-Dorg.jboss.logging.provider=slf4j",
                "-cp",
                System.getProperty("java.class.path"),
                NginxBenchmark.class.getName(),
                "3")
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      assertThat(benchmark.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      benchmark.descendants().forEach(ProcessHandle::destroyForcibly);
      benchmark.destroyForcibly();
    }
    List<String> table = Files.readAllLines(folder.resolve("out"), StandardCharsets.UTF_8);
    assertThat(benchmark.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(table).hasSize(1 + Way.values().length);
    for (Way way : Way.values()) {
      List<Long> figures = figures(table.get(1 + way.ordinal()), way);
      assertThat(figures.get(0)).as("requests: " + way).isPositive();
      if (way == Way.LIVE) {
        assertThat(figures.get(1)).as("failed on kept connections: " + way).isZero();
      }
      if (way != Way.SHELL) {
        assertThat(figures.get(2)).as("failed on fresh connections: " + way).isZero();
      }
      if (way != Way.SHELL && way != Way.QUIET_WINDOW) {
        assertThat(figures.get(3)).as("stale: " + way).isZero();
      }
    }
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).as("files that are left").isEmpty();
    }
  }

  /** Returns the counts behind the three times. */
  private static List<Long> figures(String row, Way way) {
    assertThat(row).startsWith(way.toString());
    String[] columns = row.substring(way.toString().length()).strip().split(" +");
    return Stream.of(columns).skip(3).map(Long::valueOf).toList();
  }
}
