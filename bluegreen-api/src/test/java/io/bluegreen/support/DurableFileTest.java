package io.bluegreen.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir private Path directory;

  @AfterEach
  void noInterruptIsLeftForOthers() {
    Thread.interrupted();
  }

  @Test
  void isReplacedWholeWithItsPermissionsAndLeavesNoCopy() throws IOException {
    Path file = directory.resolve("state.json");
    byte[] large = new byte[3 * LocalDisk.PART + 17];
    Arrays.fill(large, (byte) 'x');

    DurableFile.replace(file, large);
    assertThat(DurableFile.read(file, large.length)).isEqualTo(large);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    DurableFile.replace(file, bytes("short"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(file).hasContent("short");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    assertThat(names()).containsExactly("state.json");
  }

  @Test
  void aLinkIsReplacedAndWhatItPointsToIsNeitherReadNorWritten() throws IOException {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "theirs");
    Path file = Files.createSymbolicLink(directory.resolve("state.json"), elsewhere);

    assertThatThrownBy(() -> DurableFile.read(file, 100))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("state.json is not a regular file");
    DurableFile.replace(file, bytes("ours"));

    assertThat(elsewhere).hasContent("theirs");
    assertThat(file).isRegularFile().hasContent("ours");
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }

  @Test
  void aDirectoryInItsPlaceIsNamedAndLeft() throws IOException {
    Path file = Files.createDirectory(directory.resolve("state.json"));

    assertThatThrownBy(() -> DurableFile.replace(file, bytes("ours")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("state.json is a directory");
    assertThatThrownBy(() -> DurableFile.read(file, 100))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a regular file");
    assertThat(names()).containsExactly("state.json");
  }

  @Test
  void aFileThatIsTooLargeOrMissingIsNotRead() throws IOException {
    Path file = Files.writeString(directory.resolve("state.json"), "12345");

    assertThat(DurableFile.read(file, 5)).hasSize(5);
    assertThatThrownBy(() -> DurableFile.read(file, 4))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 5 bytes, expected at most 4");
    assertThatThrownBy(() -> DurableFile.read(directory.resolve("none"), 4))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void anInterruptIsPutOffUntilItIsDone() throws IOException {
    Path file = directory.resolve("state.json");

    Thread.currentThread().interrupt();
    DurableFile.replace(file, bytes("ours"));
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(DurableFile.read(file, 100)).isEqualTo(bytes("ours"));
    DurableFile.forceDirectory(directory);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptsAtAnyMomentNeitherFailItNorLeaveACopyNorAreLost() throws IOException {
    Path file = directory.resolve("state.json");
    for (int i = 0; i < 100; i++) {
      Thread nuisance = interrupting(Thread.currentThread());
      DurableFile.replace(file, bytes("document " + i));
      assertThat(DurableFile.read(file, 100)).isEqualTo(bytes("document " + i));
      waitFor(nuisance);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(names()).containsExactly("state.json");
  }

  @Test
  void onlyItsOwnLeftoversAreRemoved() throws IOException {
    Path leftover = Files.createFile(directory.resolve(".state.json.00ab00ab00ab00ab.tmp"));
    Path theirs = Files.createFile(directory.resolve(".state.json.mine.tmp"));
    Path visible = Files.createFile(directory.resolve("state.json.00ab00ab00ab00ab.tmp"));
    Path nested = Files.createDirectory(directory.resolve(".x.00ab00ab00ab00ab.tmp"));

    assertThat(DurableFile.removeLeftovers(directory)).containsExactly(leftover);

    assertThat(leftover).doesNotExist();
    assertThat(theirs).exists();
    assertThat(visible).exists();
    assertThat(nested).exists();
  }

  @Test
  void leftoversOfOneFileAreRemovedAndThoseOfOthersAreNot() throws IOException {
    Path leftover = Files.createFile(directory.resolve(".shop.map.00ab00ab00ab00ab.tmp"));
    Path longer = Files.createFile(directory.resolve(".shop.map.x.00ab00ab00ab00ab.tmp"));
    Path other = Files.createFile(directory.resolve(".bot.map.00ab00ab00ab00ab.tmp"));

    assertThat(DurableFile.removeLeftoversOf(directory.resolve("shop.map")))
        .containsExactly(leftover);

    assertThat(leftover).doesNotExist();
    assertThat(longer).exists();
    assertThat(other).exists();
  }

  private static Thread interrupting(Thread victim) {
    Thread nuisance =
        new Thread(
            () -> {
              for (int i = 0; i < 5; i++) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
                victim.interrupt();
              }
            });
    nuisance.start();
    return nuisance;
  }

  private static void waitFor(Thread thread) {
    while (thread.isAlive()) {
      Thread.yield();
    }
  }

  private List<String> names() {
    return List.of(directory.toFile().list());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
