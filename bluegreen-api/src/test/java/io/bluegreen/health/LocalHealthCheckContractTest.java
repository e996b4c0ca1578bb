package io.bluegreen.health;

import io.bluegreen.Color;
import io.bluegreen.HealthCheck;
import io.bluegreen.Instance;
import io.bluegreen.testing.contract.HealthCheckContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Checks that ask no address: of the two instances here green is alive. */
class LocalHealthCheckContractTest {
  @Nested
  class Command implements OfAFile {
    @TempDir Path directory;

    @Override
    public HealthCheck openCheck() {
      return CommandHealthCheck.of(List.of("test", "-f", fileOf("{color}").toString()));
    }

    @Override
    public Path directory() {
      return directory;
    }
  }

  @Nested
  class Heartbeat implements OfAFile {
    @TempDir Path directory;

    @Override
    public HealthCheck openCheck() {
      return HeartbeatCheck.file(fileOf("{color}").toString(), Duration.ofMinutes(10));
    }

    @Override
    public Path directory() {
      return directory;
    }
  }

  /** Green is healthy, because its file is there. */
  private interface OfAFile extends HealthCheckContract {
    Path directory();

    @BeforeEach
    default void writeTheFile() throws IOException {
      Files.writeString(fileOf("green"), "alive");
    }

    default Path fileOf(String color) {
      return directory().resolve(color);
    }

    @Override
    default Instance healthy() {
      return new Instance("bot", Color.GREEN, 0, Optional.empty());
    }

    @Override
    default Instance absent() {
      return new Instance("bot", Color.BLUE, 0, Optional.empty());
    }
  }
}
