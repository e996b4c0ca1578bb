package io.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bluegreen.Color;
import io.bluegreen.Group;
import io.bluegreen.LatencyHistogram;
import io.bluegreen.RouterException;
import io.bluegreen.Service;
import io.bluegreen.TimeSource;
import io.bluegreen.TrafficMeter.Count;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogMeterTest {
  private final Group group =
      new Group(
          "shop",
          List.of(Service.named("web").blue("http://127.0.0.1:1").green("http://127.0.0.1:2")));
  private final TimeSource time = TimeSource.system();
  @TempDir Path temp;
  private Path log;
  private AccessLogMeter meter;

  @BeforeEach
  void openAtTheEndOfALog() throws IOException {
    log = temp.resolve("access.log");
    write(line("blue", 200, "0.001"));
    meter = new AccessLogMeter(group, log, time);
  }

  @AfterEach
  void close() {
    time.close();
  }

  @Test
  void meterCountsOnlyRequestsThatCameAfterItWasOpened() {
    assertThat(count(Color.BLUE)).isEqualTo(Count.ZERO);
    write(line("blue", 200, "0.001"), line("blue", 404, "0.001"), line("green", 503, "0.001"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(2);
    assertThat(count(Color.BLUE).clientErrors()).isEqualTo(1);
    assertThat(count(Color.GREEN).serverErrors()).isEqualTo(1);
    assertThat(count(Color.BLUE).requests()).isEqualTo(2);
  }

  @Test
  void meterCountsNoRequestThatNoSplitHasSent() {
    write(
        line("blue", 200, "0.001").replace("split", "direct"),
        line("blue", 200, "0.001").replace("split", "preview"),
        line("blue", 200, "0.001").replace("web", "other"),
        "127.0.0.1 - - \"GET /\" 200",
        "{\"service\":\"web\"");
    assertThat(count(Color.BLUE)).isEqualTo(Count.ZERO);
  }

  @Test
  void meterWaitsForTheRestOfALine() {
    String whole = line("blue", 200, "0.001");
    append(whole.substring(0, 20));
    assertThat(count(Color.BLUE).requests()).isZero();
    append(whole.substring(20) + "\n");
    assertThat(count(Color.BLUE).requests()).isEqualTo(1);
  }

  @Test
  void lineWithoutAnEndTakesNoMemoryAndSpoilsNothing() {
    for (int i = 0; i < 100; i++) {
      append("x".repeat(10_000));
      count(Color.BLUE);
    }
    append("\n" + line("blue", 200, "0.001") + "\n");
    assertThat(count(Color.BLUE).requests()).isEqualTo(1);
  }

  @Test
  void meterFollowsARotationAndReadsTheFormerFileForAWhile() throws IOException {
    write(line("blue", 200, "0.001"));
    Path former = temp.resolve("access.log.1");
    Files.move(log, former);
    append(former, line("blue", 200, "0.001") + "\n");
    assertThat(count(Color.BLUE).requests()).isEqualTo(2);
    write(line("blue", 200, "0.001"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(3);
    append(former, line("blue", 200, "0.001") + "\n");
    write(line("blue", 200, "0.001"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(5);
  }

  /** A link to itself can't be read. */
  @Test
  void otherFilesBesideALogDoNotHideItsRotation() throws IOException {
    Files.createSymbolicLink(temp.resolve("aside"), temp.resolve("aside"));
    for (String name : List.of("access.log.1", "access.log.2", "access.log.3")) {
      write(line("blue", 200, "0.001"));
      Files.move(log, temp.resolve(name));
      write(line("blue", 200, "0.001"));
    }
    assertThat(count(Color.BLUE).requests()).isPositive();
    write(line("green", 200, "0.001"));
    assertThat(count(Color.GREEN).requests()).isEqualTo(1);
  }

  @Test
  void meterFollowsATruncation() throws IOException {
    write(line("blue", 200, "0.001"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(1);
    Files.write(log, new byte[0]);
    assertThat(count(Color.BLUE).requests()).isEqualTo(1);
    write(line("blue", 200, "0.001"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(2);
  }

  @Test
  void logThatIsRotatedAwayIsLetGo() throws IOException {
    for (int i = 0; i < 20; i++) {
      write(line("blue", 200, "0.001"));
      assertThat(count(Color.BLUE).requests()).isEqualTo(i + 1);
      Files.move(log, temp.resolve("access.log." + i));
    }
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      String ours = temp.toRealPath().toString(); // Other tests of this JVM have logs, too.
      assertThat(open.map(AccessLogMeterTest::target).filter(name -> name.startsWith(ours)))
          .isEmpty();
    }
    write(line("blue", 200, "0.001"));
    Files.delete(temp.resolve("access.log.19"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(21);
  }

  @Test
  void interruptedLookLosesNothing() {
    write(line("blue", 200, "0.001"));
    Thread.currentThread().interrupt();
    assertThat(count(Color.BLUE).requests()).isEqualTo(1);
    assertThat(Thread.interrupted()).isTrue();
    for (int i = 0; i < 3; i++) {
      write(lines(2_000));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> meter.read())
          .isInstanceOf(RouterException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(count(Color.BLUE).requests()).isEqualTo(6_001);
  }

  @Test
  void lookBeginsToCountWhenSomebodyAsksForTheMeter() throws IOException {
    String[] many = lines(100_000);
    for (int i = 0; i < 2; i++) {
      write(many);
    }
    Files.move(log, temp.resolve("access.log.1"));
    write(many);
    meter.begin();
    assertThat(count(Color.BLUE)).as("it was much: passed over").isEqualTo(Count.ZERO);
    write(line("blue", 200, "0.001"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(1);
    write(lines(1_000));
    meter.begin();
    assertThat(count(Color.BLUE).requests()).as("it was little: counted").isEqualTo(1_001);
  }

  @Test
  void meterTellsHowLongEachAnswerTook() {
    for (int i = 1; i <= 100; i++) {
      write(line("blue", 200, "0.%03d".formatted(i)));
    }
    LatencyHistogram before = count(Color.BLUE).latencies().orElseThrow();
    assertThat(before.mean()).isEqualTo(Duration.ofNanos(50_500_000));
    assertThat(before.quantile(0.95)).isBetween(Duration.ofMillis(95), Duration.ofMillis(102));
    write(line("blue", 200, "2.000"), line("blue", 101, "3600.000"));
    assertThat(count(Color.BLUE).requests()).isEqualTo(102);
    LatencyHistogram added = count(Color.BLUE).latencies().orElseThrow().since(before);
    assertThat(added.count()).isEqualTo(1);
    assertThat(added.mean()).isEqualTo(Duration.ofSeconds(2));
  }

  private static String line(String color, int status, String seconds) {
    return "{\"service\":\"web\",\"color\":\"%s\",\"via\":\"split\",\"status\":%d,\"seconds\":%s}"
        .formatted(color, status, seconds);
  }

  private static String[] lines(int n) {
    String[] lines = new String[n];
    Arrays.fill(lines, line("blue", 200, "0.001"));
    return lines;
  }

  private Count count(Color color) {
    return meter.read().slots().get(group.slot("web", color));
  }

  private void write(String... lines) {
    append(String.join("\n", lines) + "\n");
  }

  private void append(String text) {
    append(log, text);
  }

  private static void append(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }
}
