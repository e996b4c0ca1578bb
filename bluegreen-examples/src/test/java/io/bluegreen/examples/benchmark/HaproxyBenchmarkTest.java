package io.bluegreen.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the benchmark works; what it says about speed is for a quiet machine. */
@Tag("long")
class HaproxyBenchmarkTest {
  @TempDir Path folder;

  @Test
  void everyWayIsTriedAndOursLoseNothingAndMapModeShowsNoGroupInParts() throws Exception {
    List<String> lines = BenchmarkRun.of(HaproxyBenchmark.class, folder, "3", "--requests", "40");
    for (String way : List.of("map mode", "server mode")) {
      String row = lines.stream().filter(line -> line.startsWith(way)).findFirst().orElseThrow();
      List<Long> figures = BenchmarkRun.figures(row, way);
      assertThat(figures.get(0)).as("requests: " + way).isPositive();
      assertThat(figures.subList(1, 3)).as("failed: " + way).containsOnly(0L);
      assertThat(lines)
          .anyMatch(line -> line.matches(way + ": .* bare round trips .* times those"));
    }
    assertThat(BenchmarkRun.figures(lines.get(1), "map mode").get(3)).as("stale").isZero();
    assertThat(lines)
        .anyMatch(line -> line.matches("map mode: [1-9]\\d* pairs of requests, 0 failed, 0 saw .*"))
        .anyMatch(line -> line.startsWith("shell"))
        .anyMatch(line -> line.startsWith("cost"));
  }
}
