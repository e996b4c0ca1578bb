package io.bluegreen.examples.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the benchmark works; what it says about speed is for a quiet machine. */
@Tag("long")
class NginxBenchmarkTest {
  @TempDir Path folder;

  @Test
  void everyWayIsTriedAndLiveModeLosesAndMisroutesNothing() throws Exception {
    List<String> table = BenchmarkRun.of(NginxBenchmark.class, folder, "3");
    assertThat(table).hasSize(1 + NginxBenchmarkWay.values().length);
    for (NginxBenchmarkWay way : NginxBenchmarkWay.values()) {
      List<Long> figures = BenchmarkRun.figures(table.get(1 + way.ordinal()), way);
      assertThat(figures.get(0)).as("requests: " + way).isPositive();
      if (way == NginxBenchmarkWay.LIVE) {
        assertThat(figures.get(1)).as("failed on kept connections: " + way).isZero();
      }
      if (way != NginxBenchmarkWay.SHELL) {
        assertThat(figures.get(2)).as("failed on fresh connections: " + way).isZero();
      }
      if (way != NginxBenchmarkWay.SHELL && way != NginxBenchmarkWay.QUIET_WINDOW) {
        assertThat(figures.get(3)).as("stale: " + way).isZero();
      }
    }
  }
}
