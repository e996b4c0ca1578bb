package io.bluegreen.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A benchmark in a process of its own, which has to end well and leave nothing. */
final class BenchmarkRun {
  private static final long LIMIT_SECONDS = 240;

  private BenchmarkRun() {}

  /** Returns the lines that it printed. */
  static List<String> of(Class<?> benchmark, Path folder, String... arguments)
      throws IOException, InterruptedException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-Dorg.jboss.logging.provider=slf4j",
                "-cp",
                System.getProperty("java.class.path"),
                benchmark.getName()));
    argv.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(argv)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).as("files that are left").isEmpty();
    }
    return Files.readAllLines(folder.resolve("out"), StandardCharsets.UTF_8);
  }

  /** Returns the counts behind the three times of a row. */
  static List<Long> figures(String row, Object way) {
    assertThat(row).startsWith(way.toString());
    String[] columns = row.substring(way.toString().length()).strip().split(" +");
    return Stream.of(columns).skip(3).map(Long::valueOf).toList();
  }
}
