package io.bluegreen.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileModeTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"000", "027", "077"})
  void modeIsWhatItSaysWhateverTheUmaskIs(String umask) throws Exception {
    Umask.run(umask, Maker.class, temp.toString());
    assertThat(modes())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("private-a", "rwx------"),
                Map.entry("private-a/b", "rwx------"),
                Map.entry("private-a/b/file", "rw-------"),
                Map.entry("private-a/b/lock", "rw-------"),
                Map.entry("private-a/b/replaced", "rw-------"),
                Map.entry("readable-a", "rwxr-xr-x"),
                Map.entry("readable-a/b", "rwxr-xr-x"),
                Map.entry("readable-a/b/file", "rw-r--r--"),
                Map.entry("readable-a/b/lock", "rw-------"),
                Map.entry("readable-a/b/replaced", "rw-r--r--")));
  }

  @Test
  void whatIsThereKeepsItsModeAndIsNeverOpened() throws IOException {
    Path theirs = Files.createDirectory(temp.resolve("theirs"));
    Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwx---"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), theirs);

    FileMode.PRIVATE.createDirectories(theirs);
    FileMode.READABLE.createDirectories(link.resolve("ours"));
    assertThat(mode(theirs)).isEqualTo("rwxrwx---");
    assertThat(mode(theirs.resolve("ours"))).isEqualTo("rwxr-xr-x");

    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> FileMode.PRIVATE.createFile(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> FileMode.PRIVATE.createFile(link))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> FileMode.PRIVATE.createDirectories(file))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(file + ": it is no directory");
  }

  private Map<String, String> modes() throws IOException {
    Map<String, String> modes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(temp)) {
      for (Path path : all.filter(p -> !p.equals(temp)).toList()) {
        modes.put(temp.relativize(path).toString(), mode(path));
      }
    }
    return modes;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** Runs in another JVM. */
  static final class Maker {
    private Maker() {}

    public static void main(String[] args) throws IOException {
      for (FileMode mode : FileMode.values()) {
        Path top = Path.of(args[0], mode.name().toLowerCase(Locale.ROOT) + "-a");
        Path directory = mode.createDirectories(top.resolve("b"));
        mode.createFile(directory.resolve("file"));
        DurableFile.replace(
            directory.resolve("replaced"), "content".getBytes(UTF_8), mode.ofFile());
        ResourceLock.take(directory.resolve("lock"), "this thing").close();
      }
    }
  }
}
