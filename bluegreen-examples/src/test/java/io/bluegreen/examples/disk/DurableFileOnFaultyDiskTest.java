package io.bluegreen.examples.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bluegreen.support.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests on a bad disk the class that writes the state document, the signals and the proxies' files.
 */
class DurableFileOnFaultyDiskTest {
  private static final int LONGEST = 100;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void fileIsTheFormerOrTheNewOneWhereverTheDiskFails(DiskFault fault) throws Exception {
    FaultyDisk disk = new FaultyDisk();
    Path file = disk.path(directory.resolve("state.json"));
    DurableFile.replace(file, "0".getBytes(UTF_8));
    String saved = "0";
    String struck;
    int points = 0;
    do {
      points++;
      String next = String.valueOf(points);
      boolean told = false;
      disk.fail(fault, points);
      try {
        DurableFile.replace(file, next.getBytes(UTF_8));
      } catch (IOException e) {
        told = true;
      }
      struck = disk.heal();
      String found = new String(DurableFile.read(file, LONGEST), UTF_8);
      assertThat(found).as(struck).isIn(saved, next);
      assertThat(told).as(struck).isEqualTo(!struck.isEmpty());
      DurableFile.removeLeftoversOf(file);
      saved = found;
    } while (!struck.isEmpty());
    assertThat(points).isGreaterThan(2);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("state.json"));
    }
  }
}
