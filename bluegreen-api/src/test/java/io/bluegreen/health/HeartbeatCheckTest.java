package io.bluegreen.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.bluegreen.Color;
import io.bluegreen.Health;
import io.bluegreen.Instance;
import io.bluegreen.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatCheckTest {
  private static final Instant TOUCHED = Instant.parse("2026-11-21T10:00:00Z");
  private static final Instance BOT = new Instance("bot", Color.BLUE, 0, Optional.empty());

  private final TimeSource time = mock(TimeSource.class);
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void touch() throws IOException {
    file = Files.createFile(directory.resolve("bot-blue-0"));
    Files.setLastModifiedTime(file, FileTime.from(TOUCHED));
  }

  @ParameterizedTest
  @CsvSource({
    "0,true,is 0 ms old",
    "29999,true,is 29999 ms old",
    "30000,true,is 30000 ms old",
    "30001,false,'is 30001 ms old, expected at most 30000 ms'",
    "-2000,true,is 0 ms old",
    "-2001,false,has a time that is 2001 ms ahead"
  })
  void instanceIsUpWhileItsFileIsYoungEnough(long ageMillis, boolean up, String detail) {
    when(time.now()).thenReturn(TOUCHED.plusMillis(ageMillis));

    assertThat(probe()).isEqualTo(new Health(up, file + " " + detail));
  }

  @Test
  void instanceWithoutARegularFileIsDown() throws IOException {
    when(time.now()).thenReturn(TOUCHED);
    Path target = Files.move(file, directory.resolve("target"));

    assertThat(probe()).isEqualTo(Health.down(file + " is missing"));
    Files.createSymbolicLink(file, target);
    assertThat(probe()).isEqualTo(Health.down(file + " is not a regular file"));
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(probe()).isEqualTo(Health.down(file + " is not a regular file"));
  }

  @Test
  void instanceWithoutTheEndpointToFillInIsDown() {
    assertThat(HeartbeatCheck.file("/run/{port}", Duration.ofSeconds(1)).probe(BOT).join())
        .isEqualTo(Health.down("bot/blue[0] has no endpoint for /run/{port}"));
  }

  @Test
  void checkUsesTheRealClockUnlessAnotherIsGiven() throws IOException {
    HeartbeatCheck check = HeartbeatCheck.file(file.toString(), Duration.ofHours(1));

    assertThat(check.probe(BOT).join().up()).isFalse();
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    assertThat(check.probe(BOT).join().up()).isTrue();
  }

  @Test
  void relativePathAndImpossibleAgeAreRefused() {
    refuses("file: expected an absolute path", "run/x", Duration.ofSeconds(1));
    refuses("file: has a NUL character", "/run/\0", Duration.ofSeconds(1));
    refuses("file: the placeholder {name} at character 6", "/run/{name}", Duration.ofSeconds(1));
    refuses("file: the brace at character 6 stands", "/run/{n-1}", Duration.ofSeconds(1));
    refuses("maxAge", "/run/x", Duration.ZERO);
  }

  private static void refuses(String message, String file, Duration maxAge) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeartbeatCheck.file(file, maxAge))
        .withMessageStartingWith(message);
  }

  private Health probe() {
    return HeartbeatCheck.file(
            directory + "/{service}-{color}-{index}", Duration.ofSeconds(30), time)
        .probe(BOT)
        .join();
  }
}
