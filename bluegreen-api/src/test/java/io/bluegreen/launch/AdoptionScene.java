package io.bluegreen.launch;

import io.bluegreen.Release;
import io.bluegreen.Slot;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A slot, programs of others that may listen at it, and a launcher that may take them over. */
abstract class AdoptionScene {
  static final Release RELEASE = Release.of("1.4.2");
  static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir Path directory;
  Workshop workshop;
  Listeners listeners;
  Slot slot;
  int port;

  @BeforeEach
  final void open() {
    workshop = new Workshop(directory);
    listeners = new Listeners(directory);
    slot = workshop.slot(1);
    port = slot.instances().get(0).endpoint().orElseThrow().getPort();
  }

  @AfterEach
  final void leaveNothingBehind() throws Exception {
    listeners.close();
    workshop.close();
  }

  final ProcessLauncher launcher() {
    return workshop.script(Workshop.FOREVER).adoptingProcesses();
  }
}
