package io.bluegreen.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
  private static final LaunchId MARK = new LaunchId("shop", "web", Color.GREEN, "t1");
  private static final String BEARING =
      "A=1\0BLUEGREEN_TOKEN=t1\0BLUEGREEN_GROUP=shop\0BLUEGREEN_SERVICE=web\0"
          + "BLUEGREEN_COLOR=green\0";

  @TempDir Path proc;
  private ProcessTable table;

  @BeforeEach
  void open() {
    table = new ProcessTable(proc);
  }

  @Test
  void nameOfAProgramMayLookLikeTheRestOfTheLine() throws Exception {
    process(42, "x) Z 1 1 1", "S", 1000, 1000, BEARING);
    assertThat(table.find(42)).contains(new HostProcess(42, 777, 40));
  }

  @Test
  void zombieHasEnded() throws Exception {
    process(42, "x", "Z", 1000, 1000, BEARING);
    assertThat(table.find(42)).isEmpty();
    assertThat(table.ofLaunch(42, 1000, MARK)).isEmpty();
  }

  @Test
  void processRunsUntilTheLastOfItsThreadsHasEnded() throws Exception {
    process(42, "x", "Z", 1000, 1000, "");
    Path stat = proc.resolve("42/stat");
    Files.writeString(stat, Files.readString(stat).replace(" 20 0 1 0 777 ", " 20 0 2 0 777 "));
    assertThat(table.find(42)).contains(new HostProcess(42, 777, 40));
    assertThat(table.runs(new HostProcess(42, 777, 40))).isTrue();
  }

  @Test
  void onlyAProcessOfThisUserWithTheWholeMarkBearsIt() throws Exception {
    process(1, "x", "S", 1000, 1000, BEARING);
    process(2, "x", "S", 1001, 1001, BEARING);
    process(3, "x", "S", 1000, 0, BEARING);
    process(4, "x", "S", 1000, 1000, BEARING.replace("=t1\0", "=t11\0"));
    process(5, "x", "S", 1000, 1000, BEARING.replace("A=1", "BLUEGREEN_TOKEN=other"));
    process(6, "x", "S", 1000, 1000, "");
    assertThat(table.pids()).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(table.pids().stream().filter(this::bears)).containsExactly(1L);
  }

  @Test
  void missingAnswerIsNotTakenForAnEnd() throws Exception {
    process(42, "x", "S", 1000, 1000, BEARING);
    Files.delete(proc.resolve("42/stat"));
    assertThatThrownBy(() -> table.find(42)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new ProcessTable(proc.resolve("none")).find(42))
        .isInstanceOf(IOException.class);
    assertThat(table.find(43)).isEmpty();
  }

  private boolean bears(long pid) {
    try {
      return table.ofLaunch(pid, 1000, MARK).isPresent();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void process(
      long pid, String name, String state, int realUser, int effectiveUser, String environment)
      throws IOException {
    Path directory = Files.createDirectory(proc.resolve(Long.toString(pid)));
    Files.writeString(
        directory.resolve("stat"),
        pid + " (" + name + ") " + state + " 1 30 40 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0\n");
    Files.writeString(
        directory.resolve("status"),
        "Name:\tx\nUid:\t" + realUser + "\t" + effectiveUser + "\t0\t0\nGid:\t0\t0\t0\t0\n");
    Files.writeString(directory.resolve("environ"), environment);
  }
}
